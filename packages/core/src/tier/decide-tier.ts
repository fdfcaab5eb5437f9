import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { everyItem } from "../context/index.ts";
import type { Dispute, DisputeStore } from "../dispute/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId, ProgramId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import type { ScorecardStore } from "../scorecard/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { evaluateTier } from "./evaluate-tier.ts";
import { getTier } from "./get-tier.ts";
import type { TierStore } from "./repository.ts";
import type { DecideTier, PartnerTier } from "./schema.ts";
import { decide } from "./tier.ts";

type Context = RequestContext<
  DisputeStore & PartnerStore & ProgramStore & ScorecardStore & TenantProfileStore & TierStore
>;
type Target = { readonly partnerId: PartnerId; readonly programId: ProgramId };

const zoneOf = async ({ store }: Context): Promise<string> =>
  ((await store.tenant.get()) ?? raise("tenant-not-found")).timeZone;

/**
 * A person confirms or declines what is recommended; a demotion only after the appeal window, and while
 * nothing of the card is disputed.
 * @throws DomainError permission-denied | tier-not-found | version-stale | tier-not-recommended |
 *   tier-recommendation-stale | tier-too-early | tier-disputed
 */
export async function decideTier(
  ctx: Context,
  target: Target & { readonly ifVersion: number },
  input: DecideTier,
): Promise<PartnerTier> {
  const by = requirePermission(ctx.actor, "tier:decide");
  const current = await getTier(ctx, target);
  if (current.version !== target.ifVersion) raise("version-stale");
  const key = { cycleId: current.evaluated.cycleId, partnerId: current.partnerId };
  const [revision, timeZone] = await Promise.all([
    ctx.store.scorecards.latestRevision(key),
    zoneOf(ctx),
  ]);
  const disputes: Dispute[] = [];
  for await (const one of everyItem((page) => ctx.store.disputes.ofCard(key, page))) {
    disputes.push(one);
  }
  const { next, event } = decide(current, input, { revision, disputes, timeZone }, by, ctx.now);
  await ctx.store.tiers.save(next, event);
  return next;
}

/**
 * Looks at the newest revision of the card that was looked at last, such as after a dispute.
 * @throws DomainError permission-denied | tier-not-found | version-stale
 */
export async function reevaluateTier(ctx: Context, target: Target): Promise<PartnerTier> {
  requirePermission(ctx.actor, "tier:evaluate");
  const { evaluated, partnerId } = await getTier(ctx, target);
  const key = { cycleId: evaluated.cycleId, partnerId };
  return (await evaluateTier(ctx, key, await zoneOf(ctx))) ?? raise("tier-not-found");
}
