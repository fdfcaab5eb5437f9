import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { MemberStore } from "../member/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { describe } from "./login.ts";
import type { WhoAmI } from "./schema.ts";

/** @throws DomainError permission-denied | tenant-not-found | member-not-found | partner-user-not-found */
export async function whoAmI(
  ctx: RequestContext<MemberStore & TenantProfileStore>,
): Promise<WhoAmI> {
  const by = requirePermission(ctx.actor, "me:read");
  const { tenantId, name } = (await ctx.store.tenant.get()) ?? raise("tenant-not-found");
  const holder =
    by.kind === "member"
      ? {
          kind: by.kind,
          member: (await ctx.store.members.get(by.memberId)) ?? raise("member-not-found"),
        }
      : {
          kind: by.kind,
          partnerUser:
            (await ctx.store.partnerUsers.get(by.partnerUserId)) ?? raise("partner-user-not-found"),
        };
  return { personId: by.personId, tenant: { tenantId, name }, actor: describe(holder) };
}
