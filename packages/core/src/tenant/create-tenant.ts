import { type Actor, requirePermission } from "../actor/index.ts";
import { begin, type EditionName } from "../edition/index.ts";
import { MemberId, type MintId, TenantId } from "../id/index.ts";
import { type AddMember, firstMember, type Member, type MemberStore } from "../member/index.ts";
import { newMembership, type PasswordHashing } from "../person/index.ts";
import type { TenantProfileStore } from "./repository.ts";
import type { CreateTenant, Tenant } from "./schema.ts";
import { create } from "./tenant.ts";

/** Acts before there is a tenant to open, so it receives the door instead of a store. */
export interface CreateTenantContext extends PasswordHashing {
  readonly actor: Actor;
  readonly now: Date;
  readonly mint: MintId;
  readonly openTenant: (tenantId: TenantId) => TenantProfileStore & MemberStore;
}

/**
 * A tenant, its directory entry, its first owner and its subscription in one transaction.
 * @param input.tenantId where a repeat must not make a second one; minted where it is left out
 * @throws DomainError permission-denied | tenant-exists | address-busy
 */
export async function createTenant(
  ctx: CreateTenantContext,
  input: {
    readonly tenantId?: TenantId;
    readonly tenant: CreateTenant;
    readonly owner: Omit<AddMember, "roles">;
    /** An operator's tenant is active and bound by nothing where none is named. */
    readonly subscription?: { readonly edition: EditionName; readonly begins: "trial" | "active" };
  },
): Promise<{ tenant: Tenant; owner: Member }> {
  const by = requirePermission(ctx.actor, "tenant:create");
  const tenantId = input.tenantId ?? ctx.mint(TenantId);
  const store = ctx.openTenant(tenantId);
  const { next, event } = create(tenantId, input.tenant, by, ctx.now);

  const { initialPassword, ...who } = input.owner;
  const memberId = ctx.mint(MemberId);
  const entry = await newMembership(
    { ...ctx, store },
    { membershipId: memberId, partnerId: null, email: who.email, password: initialPassword },
  );
  const owner = firstMember(
    { memberId, personId: entry.membership.personId },
    { ...who, roles: ["owner"] },
    by,
    ctx.now,
  );
  const { edition, begins } = input.subscription ?? { edition: "enterprise", begins: "active" };
  const subscription = begin(edition, begins, by, ctx.now);
  const first = { ...entry, member: owner.next, event: owner.event };
  await store.tenant.create(next, event, first, subscription);
  return { tenant: next, owner: owner.next };
}
