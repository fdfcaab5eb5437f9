import { type MemberActor, type PartnerActor, requirePermission, sideOf } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { programFor, type ScoringRules } from "../program/index.ts";
import { openingAt } from "../timer/index.ts";
import { listWaitingTargets, mayAnswer, type TargetContext } from "./manage-targets.ts";
import type { TargetSetKey } from "./repository.ts";
import type { TargetSet } from "./schema.ts";

/** Proposed targets that wait for somebody. */
export interface TargetWork extends TargetSetKey {
  readonly partnerName: string;
  /** When their quarter begins: afterwards it is too late. */
  readonly dueAt: string;
}
interface FoundWork {
  readonly items: readonly TargetWork[];
  readonly hasMore: boolean;
}

/** Of the list of the tenant, the next to begin first. */
const MOST_LISTED = 100;

function dueOf(rules: ScoringRules, { programId, from }: TargetSet): Date | undefined {
  const program = programFor(rules, { period: from, programId });
  return program && openingAt(from, program.definition.windows.openAtLocalTime, rules.calendar);
}

async function workOf(
  ctx: RequestContext<TargetContext["store"]>,
  by: MemberActor | PartnerActor,
  sets: readonly TargetSet[],
): Promise<TargetWork[]> {
  const waiting = sets.filter(({ proposal }) => proposal !== null && proposal[sideOf(by)] === null);
  if (waiting.length === 0) return [];
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const found = await ctx.store.partners.getMany([
    ...new Set(waiting.map(({ partnerId }) => partnerId)),
  ]);
  const partners = new Map(found.map((partner) => [partner.partnerId, partner]));
  return waiting.flatMap((set): TargetWork[] => {
    const { partnerId, programId, from } = set;
    const partner = partners.get(partnerId);
    const due = dueOf(rules, set);
    if (!partner || !mayAnswer(by, partner) || !due || due <= ctx.now) return [];
    return [{ partnerId, programId, from, partnerName: partner.name, dueAt: due.toISOString() }];
  });
}

/**
 * The proposed targets that wait for the caller: of a partner's executive their own, of a member those of the
 * partners they manage, of whoever leads programs all.
 * @throws DomainError permission-denied
 */
export async function listOwnTargetWork(ctx: TargetContext): Promise<FoundWork> {
  const by = requirePermission(ctx.actor, "target:acknowledge");
  if (by.kind === "partner-user") {
    const own = await ctx.store.targets.ofPartner(by.partnerId);
    return { items: await workOf(ctx, by, own), hasMore: false };
  }
  const { items, position } = await listWaitingTargets(ctx, { limit: MOST_LISTED });
  return { items: await workOf(ctx, by, items), hasMore: position !== undefined };
}
