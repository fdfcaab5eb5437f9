import type { MemberActor } from "../actor/index.ts";
import { monthOf } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { FigureStore } from "../figure/index.ts";
import type { MemberId, SourceId } from "../id/index.ts";
import type { MemberStore } from "../member/index.ts";
import type { RatingStore } from "../rating/index.ts";
import {
  type FactStore,
  type FrozenCard,
  readInputs,
  type ScorecardStore,
} from "../scorecard/index.ts";
import type { SourceStore } from "../source/index.ts";
import type { Dispute } from "./schema.ts";

export type InvolvedStore = FactStore &
  FigureStore &
  Pick<MemberStore, "partnerUsers"> &
  RatingStore &
  ScorecardStore &
  Pick<SourceStore, "sources">;

/** Who owns a source of the facts that the card counts with, and who corrected one of them by hand. */
async function ownersAndCorrectors(
  ctx: RequestContext<InvolvedStore>,
  card: FrozenCard,
): Promise<{ owners: MemberId[]; correctors: MemberId[] }> {
  const counted = new Set((await readInputs(ctx, card)).map(({ opportunityId }) => opportunityId));
  const sourceIds = new Set<SourceId>();
  const correctors = new Set<MemberId>();
  for await (const fact of ctx.store.opportunities.ofPartner(card.partnerId)) {
    if (!counted.has(fact.opportunityId)) continue;
    sourceIds.add(fact.sourceId);
    for (const by of fact.correctedBy ?? []) {
      if (by.kind === "member") correctors.add(by.memberId);
    }
  }
  const sources = await Promise.all([...sourceIds].map((id) => ctx.store.sources.get(id)));
  const owners = sources.flatMap((source) => (source?.ownerId ? [source.ownerId] : []));
  return { owners, correctors: [...correctors] };
}

/** Who handed in the figures that the card counts, as each stands now. */
async function suppliers(
  ctx: RequestContext<InvolvedStore>,
  { partnerId, figures = [] }: FrozenCard,
): Promise<MemberId[]> {
  if (figures.length === 0) return [];
  const keys = figures.map(({ measure, month }) => ({ partnerId, measure, month }));
  const found = await ctx.store.figures.getAll(keys);
  return found.flatMap(({ by }) => (by.kind === "member" ? [by.memberId] : []));
}

/** Who rated what the card counts. */
async function raters(
  ctx: RequestContext<InvolvedStore>,
  { partnerId, from, to, voices = [] }: FrozenCard,
): Promise<MemberId[]> {
  if (voices.length === 0) return [];
  const counted = new Set(voices.map(({ voiceId }) => voiceId));
  const found = await ctx.store.indicatorRatings.between(partnerId, monthOf(from), monthOf(to));
  return found.flatMap(({ voiceId, by }) =>
    counted.has(voiceId) && by.kind === "member" ? [by.memberId] : [],
  );
}

/** Everybody who made a revision of the card. */
async function revisers(ctx: RequestContext<InvolvedStore>, card: FrozenCard): Promise<MemberId[]> {
  const revisions = await ctx.store.scorecards.revisions(card);
  return revisions.flatMap(({ revisedBy }) =>
    revisedBy?.kind === "member" ? [revisedBy.memberId] : [],
  );
}

/**
 * Nobody decides on what they had a part in: whoever made a revision of the card, owns a source of its
 * facts, corrected one of them by hand, handed in one of its figures or made one of its ratings, or filed the dispute as a person of the partner.
 * @throws DomainError dispute-decider-involved
 */
export async function requireUninvolved(
  ctx: RequestContext<InvolvedStore>,
  by: MemberActor,
  card: FrozenCard,
  { filedBy }: Dispute,
): Promise<void> {
  if (filedBy.kind === "partner-user") {
    const filer = await ctx.store.partnerUsers.get(filedBy.partnerUserId);
    if (filer?.personId === by.personId) raise("dispute-decider-involved", "You filed it yourself");
  }
  if ((await revisers(ctx, card)).includes(by.memberId)) {
    raise("dispute-decider-involved", "You made a revision of this scorecard");
  }
  const { owners, correctors } = await ownersAndCorrectors(ctx, card);
  if (owners.includes(by.memberId)) {
    raise("dispute-decider-involved", "You own a source of the facts behind this scorecard");
  }
  if (correctors.includes(by.memberId)) {
    raise("dispute-decider-involved", "You corrected a fact behind this scorecard");
  }
  if ((await suppliers(ctx, card)).includes(by.memberId)) {
    raise("dispute-decider-involved", "You handed in a figure of this scorecard");
  }
  if ((await raters(ctx, card)).includes(by.memberId)) {
    raise("dispute-decider-involved", "You made a rating that this scorecard counts");
  }
}
