import { requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import { LegalHoldId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import { isHeld, place, release } from "./legal-hold.ts";
import type { LegalHoldStore } from "./repository.ts";
import type { LegalHold, PlaceLegalHold } from "./schema.ts";

type Context = RequestContext<LegalHoldStore>;

/** @throws DomainError permission-denied | partner-not-found | legal-hold-limit | version-stale */
export async function placeLegalHold(
  ctx: RequestContext<LegalHoldStore & PartnerStore>,
  input: PlaceLegalHold,
): Promise<LegalHold> {
  const by = requirePermission(ctx.actor, "legal-hold:manage");
  const { legalHolds, partners } = ctx.store;
  if (input.partnerId && !(await partners.get(input.partnerId))) raise("partner-not-found");
  const change = place(ctx.mint(LegalHoldId), input, await legalHolds.inForce(), by, ctx.now);
  await legalHolds.save(change);
  return change.next;
}

/** @throws DomainError permission-denied | legal-hold-not-found | version-stale | legal-hold-released */
export async function releaseLegalHold(
  ctx: Context,
  {
    holdId,
    ifVersion,
    reason,
  }: {
    readonly holdId: LegalHoldId;
    readonly ifVersion: number;
    readonly reason: string;
  },
): Promise<LegalHold> {
  const by = requirePermission(ctx.actor, "legal-hold:manage");
  const { legalHolds } = ctx.store;
  const hold = (await legalHolds.get(holdId)) ?? raise("legal-hold-not-found");
  if (hold.version !== ifVersion) raise("version-stale");
  const change = release(hold, reason, await legalHolds.inForce(), by, ctx.now);
  await legalHolds.save(change);
  return change.next;
}

/** @throws DomainError permission-denied | legal-hold-not-found */
export async function getLegalHold(ctx: Context, holdId: LegalHoldId): Promise<LegalHold> {
  requirePermission(ctx.actor, "legal-hold:read");
  return (await ctx.store.legalHolds.get(holdId)) ?? raise("legal-hold-not-found");
}

/** The newest first. @throws DomainError permission-denied */
export async function listLegalHolds(ctx: Context, page: PageRequest): Promise<Page<LegalHold>> {
  requirePermission(ctx.actor, "legal-hold:read");
  return ctx.store.legalHolds.list(page);
}

/**
 * For what removes something at the tenant's wish.
 * @param partnerId whose it is; undefined where only a hold on the whole tenant covers it, null where
 *   it is of all partners at once
 * @throws DomainError legal-hold-in-force
 */
export async function requireNoHold(
  { store }: { readonly store: LegalHoldStore },
  partnerId: PartnerId | null | undefined,
): Promise<void> {
  const inForce = await store.legalHolds.inForce();
  const isCovered =
    partnerId === undefined
      ? inForce.holds.some((one) => one.partnerId === null)
      : isHeld(inForce, partnerId);
  if (isCovered) raise("legal-hold-in-force");
}
