import { Period } from "@concord/core/calendar";
import { CycleId, PartnerId, ProgramId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import type { RollupRepository } from "@concord/core/rollup";
import {
  type Card,
  CardInput,
  cardCsv,
  Explanation,
  explain,
  type FactStore,
  FrozenCard,
  getFrozenScorecard,
  getLateChanges,
  getScorecard,
  getScorecardChanges,
  getScorecardSummary,
  getStanding,
  LateChanges,
  listScorecardInputs,
  listScorecardRevisions,
  PartnerStanding,
  Replay,
  ReviseScorecard,
  replayScorecard,
  reviseScorecard,
  Scorecard,
  ScorecardChanges,
  type ScorecardStore,
  ScorecardSummary,
} from "@concord/core/scorecard";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const Flag = z.enum(["true", "false"]).default("false");
const Revision = z.coerce.number().int().min(1).max(99_999);

const PeriodPath = z.object({ partnerId: PartnerId, period: Period });
const PeriodQuery = z.strictObject({ programId: ProgramId.optional() });
const CardPath = z.object({ cycleId: CycleId, partnerId: PartnerId });
const RevisionQuery = z.strictObject({ revision: Revision.optional() });

const explained = {
  /** With `explain=true`. */
  explanation: Explanation.optional(),
  /** Path of the facts behind the numbers. */
  facts: z.string(),
};
const ExplainedScorecard = z
  .discriminatedUnion("status", [
    Scorecard.options[0].extend(explained),
    Scorecard.options[1].extend(explained),
  ])
  .meta({ id: "ExplainedScorecard" });
const ExplainedFrozenCard = FrozenCard.extend(explained).meta({ id: "ExplainedFrozenCard" });

const read = {
  tag: "scorecards",
  method: "get",
  permission: "scorecard:read",
  retry: "safe",
  rate: "read",
} as const;
const cardPath = "/review-cycles/{cycleId}/scorecards/{partnerId}";
const periodPath = "/partners/{partnerId}/scorecards/{period}";

const getOfPeriod = route({
  ...read,
  operationId: "getPartnerScorecard",
  summary:
    "Read a partner's card of a period: a live preview, or frozen once the data window is over",
  path: periodPath,
  request: { params: PeriodPath, query: PeriodQuery.extend({ explain: Flag }) },
  response: { status: 200, body: ExplainedScorecard },
  errors: ["partner-not-found", "scorecard-without-program"],
});

const getChanges = route({
  ...read,
  operationId: "getPartnerScorecardChanges",
  summary:
    "What moved since the period before: measure, target, weight or coverage, adding up exactly",
  path: `${periodPath}/changes`,
  request: { params: PeriodPath, query: PeriodQuery },
  response: { status: 200, body: ScorecardChanges },
  errors: ["partner-not-found", "scorecard-without-program"],
});

const summary = route({
  ...read,
  operationId: "getPartnerScorecardSummary",
  summary:
    "A card at one look: score, trend, what gained and lost most, flags, what is missing, the way to the next rating",
  path: `${periodPath}/summary`,
  request: { params: PeriodPath, query: PeriodQuery },
  response: { status: 200, body: ScorecardSummary },
  errors: ["partner-not-found", "scorecard-without-program"],
});

const standing = route({
  ...read,
  operationId: "getPartnerStanding",
  summary:
    "Where a partner stands over the periods its program looks back on, and how much each counts",
  path: "/partners/{partnerId}/standings/{period}",
  request: { params: PeriodPath, query: PeriodQuery },
  response: { status: 200, body: PartnerStanding },
  errors: ["partner-not-found", "scorecard-without-program"],
});

const exportOfPeriod = route({
  ...read,
  operationId: "exportPartnerScorecard",
  summary: "The card of a period as CSV: a row for each metric and one for the total",
  path: `${periodPath}/export`,
  request: { params: PeriodPath, query: PeriodQuery },
  response: { status: 200, body: z.string(), mediaType: "text/csv", source: Scorecard },
  errors: ["partner-not-found", "scorecard-without-program"],
});

const getFrozen = route({
  ...read,
  operationId: "getScorecard",
  summary: "Read the frozen card of a review: its newest revision, or the one you name",
  path: cardPath,
  request: { params: CardPath, query: RevisionQuery.extend({ explain: Flag }) },
  response: { status: 200, body: ExplainedFrozenCard },
  errors: ["scorecard-not-found"],
});

const listRevisions = route({
  ...read,
  operationId: "listScorecardRevisions",
  summary: "List the revisions of a frozen card, newest first",
  path: `${cardPath}/revisions`,
  request: { params: CardPath },
  response: { status: 200, body: FrozenCard, isList: true },
  errors: ["scorecard-not-found"],
});

const revise = route({
  tag: "scorecards",
  operationId: "reviseScorecard",
  summary: "Freeze the facts as they are now as the next revision; the one before stays readable",
  method: "post",
  path: `${cardPath}/revisions`,
  permission: "scorecard:revise",
  retry: "conditional",
  rate: "write",
  request: { params: CardPath, body: ReviseScorecard, ifMatch: "required" },
  response: { status: 201, body: FrozenCard },
  errors: ["scorecard-not-found", "scorecard-unchanged", "scorecard-facts-changing"],
});

const listInputs = route({
  ...read,
  operationId: "listScorecardInputs",
  summary: "List the facts behind a frozen card as they counted, by id",
  path: `${cardPath}/inputs`,
  request: { params: CardPath, query: RevisionQuery },
  response: { status: 200, body: CardInput, isList: true },
  errors: ["scorecard-not-found"],
});

const lateChanges = route({
  ...read,
  operationId: "getScorecardLateChanges",
  summary: "What changed in the facts after the card was frozen, with the effect it would have",
  path: `${cardPath}/late-changes`,
  request: { params: CardPath },
  response: { status: 200, body: LateChanges },
  errors: ["scorecard-not-found", "scorecard-facts-changing"],
});

const replay = route({
  ...read,
  operationId: "replayScorecard",
  summary: "Compute a frozen card again from its stored inputs and program version, and compare",
  path: `${cardPath}/replay`,
  request: { params: CardPath, query: RevisionQuery },
  response: { status: 200, body: Replay },
  errors: ["scorecard-not-found"],
});

const explanationOf = (card: Card, isWanted: "true" | "false") =>
  isWanted === "true" ? { explanation: explain(card) } : {};

const pathOf = ({ cycleId, partnerId }: z.infer<typeof CardPath>): string =>
  `/v1/review-cycles/${cycleId}/scorecards/${partnerId}`;

const factsOf = (card: FrozenCard): string => `${pathOf(card)}/inputs?revision=${card.revision}`;

export const scorecardRoutes: readonly Route<
  FactStore &
    PartnerStore &
    ProgramStore &
    ScorecardStore & { readonly rollups: Pick<RollupRepository, "months"> }
>[] = [
  on(getOfPeriod, {
    run: (ctx, { params, query }) => getScorecard(ctx, { ...params, programId: query.programId }),
    answer: (scorecard, { params, query }) => ({
      body: {
        ...scorecard,
        facts:
          scorecard.status === "frozen"
            ? factsOf(scorecard.card)
            : `/v1/partners/${params.partnerId}/opportunities`,
        ...explanationOf(scorecard.card, query.explain),
      },
    }),
  }),
  on(getChanges, {
    run: (ctx, { params, query }) => getScorecardChanges(ctx, { ...params, ...query }),
    answer: (comparison) => ({ body: comparison }),
  }),
  on(summary, {
    run: (ctx, { params, query }) => getScorecardSummary(ctx, { ...params, ...query }),
    answer: (result) => ({ body: result }),
  }),
  on(standing, {
    run: (ctx, { params, query }) => getStanding(ctx, { ...params, ...query }),
    answer: (result) => ({ body: result }),
  }),
  on(exportOfPeriod, {
    run: (ctx, { params, query }) => getScorecard(ctx, { ...params, ...query }),
    answer: ({ card }) => ({ body: cardCsv(card) }),
  }),
  on(getFrozen, {
    run: (ctx, { params, query }) =>
      getFrozenScorecard(ctx, { ...params, revision: query.revision }),
    answer: (card, { query }) => ({
      body: { ...card, facts: factsOf(card), ...explanationOf(card, query.explain) },
      version: card.revision,
    }),
  }),
  on(listRevisions, {
    run: (ctx, { params, page }) => listScorecardRevisions(ctx, params, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(revise, {
    run: (ctx, { params, body, ifVersion }) =>
      reviseScorecard(ctx, { ...params, ...body, ifVersion }),
    answer: (card, { params }) => ({
      body: card,
      version: card.revision,
      location: `${pathOf(params).slice("/v1".length)}?revision=${card.revision}`,
    }),
  }),
  on(listInputs, {
    run: (ctx, { params, query, page }) => listScorecardInputs(ctx, { ...params, ...query }, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(lateChanges, {
    run: (ctx, { params }) => getLateChanges(ctx, params),
    answer: (changes) => ({ body: changes }),
  }),
  on(replay, {
    run: (ctx, { params, query }) => replayScorecard(ctx, { ...params, ...query }),
    answer: (result) => ({ body: result }),
  }),
];
