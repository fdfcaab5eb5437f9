import { requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import type { MemberStore } from "./repository.ts";
import type { Member } from "./schema.ts";

/** @throws DomainError permission-denied */
export async function listMembers(
  ctx: RequestContext<MemberStore>,
  page: PageRequest,
): Promise<Page<Member>> {
  requirePermission(ctx.actor, "member:read");
  return ctx.store.members.list(page);
}
