import { requirePermission } from "../actor/index.ts";
import type { Page, PageRequest } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { type SecurityEventRepository, SecurityEventView } from "../security-event/index.ts";
import { provesPerson } from "./login-session.ts";
import type { OwnContext } from "./own-login-sessions.ts";

/** The newest first. @throws DomainError permission-denied | login-proves-one-tenant */
export async function listOwnSecurityEvents(
  ctx: Pick<OwnContext, "actor" | "session"> & {
    readonly securityEvents: SecurityEventRepository;
  },
  page: PageRequest,
): Promise<Page<SecurityEventView>> {
  const { personId } = requirePermission(ctx.actor, "me:read");
  if (!provesPerson(ctx.session)) raise("login-proves-one-tenant");
  const { items, ...rest } = await ctx.securityEvents.listOf(personId, page);
  return { ...rest, items: items.map((event) => SecurityEventView.parse(event)) };
}
