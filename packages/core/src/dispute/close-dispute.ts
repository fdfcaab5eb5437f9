import { type ActorWith, refOf, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { DisputeId } from "../id/index.ts";
import type { ProgramStore } from "../program/index.ts";
import {
  commitRevision,
  type FrozenCard,
  type NextRevision,
  nextRevision,
  type ScorecardKey,
} from "../scorecard/index.ts";
import { isUnchanged, reject, requireOpen, termsAfter, uphold, withdraw } from "./dispute.ts";
import { getDispute } from "./get-dispute.ts";
import { type InvolvedStore, requireUninvolved } from "./involved.ts";
import type { DisputeStore } from "./repository.ts";
import type { DecideDispute, Dispute, Remedy } from "./schema.ts";

type Target = ScorecardKey & { readonly disputeId: DisputeId; readonly ifVersion: number };
type DecisionContext = RequestContext<DisputeStore & InvolvedStore & ProgramStore>;

/** What was settled before was so for an earlier revision, or nobody could have filed it. */
const NOTHING_SETTLED = 0;

/** The partner takes it back; the same can be disputed again while the appeal window is open. @throws DomainError permission-denied | dispute-not-found | version-stale | dispute-closed */
export async function withdrawDispute(
  ctx: RequestContext<DisputeStore>,
  target: Target,
): Promise<Dispute> {
  const by = requirePermission(ctx.actor, "dispute:file");
  const dispute = await getDispute(ctx, target);
  if (dispute.version !== target.ifVersion) raise("version-stale");
  const closing = withdraw(dispute, by, ctx.now);
  await ctx.store.disputes.close(closing, NOTHING_SETTLED);
  return closing.next;
}

/**
 * Somebody who had no part in the figures decides. Upheld, the dispute is closed and the card has its next
 * revision in one transaction: neither is ever there without the other.
 * @throws DomainError permission-denied | dispute-not-found | version-stale | dispute-closed |
 *   dispute-decider-involved | dispute-remedy-unfit | scorecard-unchanged | scorecard-facts-changing
 */
export async function decideDispute(
  ctx: DecisionContext,
  target: Target,
  input: DecideDispute,
): Promise<Dispute> {
  const by = requirePermission(ctx.actor, "dispute:decide");
  const { disputes, scorecards } = ctx.store;
  const dispute = await getDispute(ctx, target);
  if (dispute.version !== target.ifVersion) raise("version-stale");
  requireOpen(dispute);
  const card = (await scorecards.latest(target)) ?? raise("scorecard-not-found");
  await requireUninvolved(ctx, by, card, dispute);
  if (input.outcome === "rejected") {
    const closing = reject(dispute, input, by, ctx.now);
    await disputes.close(closing, card.revision);
    return closing.next;
  }
  const revision = await revisionOf(ctx, card, dispute, input.remedy, by);
  const closing = uphold(dispute, input, revision.card.revision, by, ctx.now);
  await commitRevision(ctx, revision, () =>
    disputes.close(closing, revision.card.revision, revision),
  );
  return closing.next;
}

/** @throws DomainError dispute-remedy-unfit | scorecard-unchanged | scorecard-facts-changing */
async function revisionOf(
  ctx: DecisionContext,
  card: FrozenCard,
  dispute: Dispute,
  remedy: Remedy,
  by: ActorWith<"dispute:decide">,
): Promise<NextRevision> {
  const revision = await nextRevision(ctx, card, {
    ...termsAfter(card, dispute, remedy),
    // Free text stays in the dispute, which has a class of its own.
    reason: `Dispute ${dispute.disputeId} was upheld: ${remedy.kind}`,
    by: refOf(by),
  });
  if (remedy.kind === "recalculated" && isUnchanged(revision.card, card, dispute)) {
    raise("scorecard-unchanged");
  }
  return revision;
}
