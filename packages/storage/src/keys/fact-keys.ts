import type { Quarter } from "@concord/core/calendar";
import type { FactReportId, OpportunityId, PartnerId } from "@concord/core/id";
import type { RatingKey } from "@concord/core/rating";
import type { TargetSetKey } from "@concord/core/target";
import type { InTenant, Key } from "./key.ts";

/** What cards are worked out from: facts and their months, figures, ratings, targets. */
export const factKeys = (inTenant: InTenant) => ({
  /** Facts of one partner, beside nothing else. */
  fact: (partnerId: PartnerId, opportunityId: OpportunityId): Key => ({
    pk: inTenant(`FACTS#${partnerId}`),
    sk: `OPP#${opportunityId}`,
  }),
  factPartition: (partnerId: PartnerId): string => inTenant(`FACTS#${partnerId}`),
  factPrefix: "OPP#",

  /** The live numbers of one partner. */
  rollupMonth: (partnerId: PartnerId, month: string): Key => ({
    pk: inTenant(`LIVE#${partnerId}`),
    sk: `ROLLUP#${month}`,
  }),

  /** Handed-in figures of one partner. */
  figure: (partnerId: PartnerId, month: string, measure: string): Key => ({
    pk: inTenant(`FIGURES#${partnerId}`),
    sk: `FIGURE#${month}#${measure}`,
  }),
  figures: (partnerId: PartnerId): string => inTenant(`FIGURES#${partnerId}`),

  /** Sort keys of these months, both inclusive. */
  figuresBetween: (from: string, to: string): { from: string; to: string } => ({
    from: `FIGURE#${from}`,
    to: `FIGURE#${to}~`,
  }),
  figurePrefix: "FIGURE#",

  /** What people said of one partner on anchored scales. */
  rating: ({ partnerId, month, indicatorId, rater }: RatingKey): Key => ({
    pk: inTenant(`RATINGS#${partnerId}`),
    sk: `RATING#${month}#${indicatorId}#${rater}`,
  }),
  ratings: (partnerId: PartnerId): string => inTenant(`RATINGS#${partnerId}`),

  /** Sort keys of these months, both inclusive. */
  ratingsBetween: (from: string, to: string): { from: string; to: string } => ({
    from: `RATING#${from}`,
    to: `RATING#${to}~`,
  }),
  ratingPrefix: "RATING#",
  liveNumbers: (partnerId: PartnerId): string => inTenant(`LIVE#${partnerId}`),

  /** Sorts between the events of the partition and the months, which are read together with it. */
  targetSet: ({ partnerId, programId, from }: TargetSetKey): Key => ({
    pk: inTenant(`LIVE#${partnerId}`),
    sk: `EXPECTED#${programId}#${from}`,
  }),
  targetSetPrefix: "EXPECTED#",
  waitingTargetList: (): string => inTenant("LIST#WAITINGTARGETS"),

  /** The next to begin first. */
  waitingTargetSort: ({ partnerId, programId, from }: TargetSetKey): string =>
    `${from}#${partnerId}#${programId}`,

  /** Sort keys of those of this quarter and later. */
  waitingTargetsFrom: (from: Quarter): { from: string; to: string } => ({ from, to: "~" }),
  factReport: (partnerId: PartnerId, factReportId: FactReportId): Key => ({
    pk: inTenant(`FACTREPORTS#${partnerId}`),
    sk: `REPORT#${factReportId}`,
  }),
  factReports: (partnerId: PartnerId): string => inTenant(`FACTREPORTS#${partnerId}`),
  factReportPrefix: "REPORT#",
});
