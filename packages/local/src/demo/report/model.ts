import type { Side } from "@concord/core/actor";

/**
 * What the report and the printed summary show, as plain data. Scores and percentages are 0–100, money
 * is in units of the tenant's currency (not minor units), dates are `YYYY-MM-DD`, periods `2017-Q4`.
 */
export interface ReportModel {
  readonly tenant: { readonly name: string; readonly timeZone: string; readonly currency: string };
  readonly program: { readonly name: string; readonly version: number };
  /** Where the figures come from, in words: the sample, or a folder. */
  readonly source: string;
  /** The business day the report was written on. */
  readonly writtenOn: string;
  /** Rating bands, lowest first; together they cover 0–100. */
  readonly bands: readonly Band[];
  /** A few figures for the head of the page. */
  readonly headline: readonly Labelled[];
  readonly flags: readonly FlagCount[];
  readonly ranking: Ranking;
  readonly distribution: readonly PeriodDistribution[];
  readonly card: ExplainedCard;
  readonly partnerYear: PartnerYear;
  readonly reviewPack: ReviewPack;
}

export interface Labelled {
  readonly label: string;
  readonly value: string;
}

export interface Band {
  readonly label: string;
  /** Lowest score of the band, inclusive. */
  readonly from: number;
}

/** A kind of defect the import found, and what became of it. */
export interface FlagCount {
  readonly defect: string;
  readonly rows: number;
  readonly resolution: string;
}

export interface Ranking {
  readonly period: string;
  /** The periods of every trend, oldest first; the last one is `period`. */
  readonly trendPeriods: readonly string[];
  /** Best first. */
  readonly entries: readonly RankingEntry[];
  /** Partners without a rating in this period: never ranked, shown apart. */
  readonly insufficient: readonly InsufficientEntry[];
}

export interface RankedPartner {
  readonly partner: string;
  readonly region: string;
  readonly partnerManager: string;
  readonly coveragePercent: number;
}

export interface RankingEntry extends RankedPartner {
  readonly rank: number;
  /** The place among the partners of the same segment and region, and how many these are. */
  readonly peers: { readonly rank: number; readonly of: number };
  readonly score: number;
  readonly rating: string;
  /** One score for each of `trendPeriods`; null where the partner had no rating. */
  readonly trend: readonly (number | null)[];
}

export interface InsufficientEntry extends RankedPartner {
  readonly reason: string;
}

export interface PeriodDistribution {
  readonly period: string;
  /** One count for each of `bands`, in their order. */
  readonly partners: readonly number[];
  readonly insufficient: number;
}

import type { MeasureUnit } from "@concord/core/metric";

export type Unit = MeasureUnit;

export interface ExplainedCard {
  readonly partner: string;
  readonly period: string;
  readonly score: number;
  readonly rating: string;
  readonly coveragePercent: number;
  readonly minimumCoveragePercent: number;
  readonly metrics: readonly ExplainedMetric[];
  readonly layers: readonly Subtotal[];
  readonly indicators: readonly Subtotal[];
  /** null in the highest band. */
  readonly nextRating: {
    readonly rating: string;
    readonly from: number;
    readonly pointsMissing: number;
    /** null where no single metric is enough. */
    readonly cheapest: {
      readonly metric: string;
      readonly unit: Unit;
      readonly from: number;
      readonly to: number;
    } | null;
  } | null;
  /** What moved the score since the period before, in points of the card. */
  readonly moves: readonly {
    readonly metric: string;
    readonly points: number;
    readonly why: string;
  }[];
  /** Digest of the inputs the card was frozen from. */
  readonly digest: string;
}

export interface ExplainedMetric {
  readonly name: string;
  readonly layer: string;
  readonly indicator: "leading" | "lagging";
  readonly unit: Unit;
  readonly inputs: readonly {
    readonly label: string;
    readonly value: number;
    readonly unit: Unit;
  }[];
  /** null is no data. */
  readonly measure: number | null;
  /** `floor` scores 0 and `target` 100; the floor is above the target where less is better. */
  readonly scale: { readonly floor: number; readonly target: number };
  readonly score: number | null;
  readonly weightPercent: number;
  /** Points of the card's score that this metric brings; 0 without data. */
  readonly contribution: number;
  /** Points up to what the metric could bring; 0 without data. */
  readonly pointsLost: number;
  /** Why there is no data, or what else a reader must know. */
  readonly note?: string;
}

export interface Subtotal {
  readonly label: string;
  readonly score: number | null;
  readonly coveragePercent: number;
}

export interface PartnerYear {
  readonly partner: string;
  readonly quarters: readonly {
    readonly period: string;
    readonly score: number | null;
    readonly rating: string | null;
    readonly coveragePercent: number;
    readonly measures: readonly {
      readonly name: string;
      readonly unit: Unit;
      readonly value: number | null;
    }[];
  }[];
}

export interface ReviewPack {
  readonly partner: string;
  readonly period: string;
  readonly status: string;
  readonly wins: readonly string[];
  readonly lessons: readonly string[];
  readonly needs: readonly string[];
  readonly comments: readonly {
    readonly author: string;
    readonly on: string;
    readonly text: string;
  }[];
  readonly session: {
    readonly on: string;
    readonly agenda: readonly {
      readonly topic: string;
      readonly owner: string;
      readonly dueOn: string;
      readonly outcome: string;
    }[];
  };
  readonly actionItems: readonly ActionItem[];
  readonly signatures: readonly Signature[];
  readonly developmentPlan: DevelopmentPlanView;
}

export interface ActionItem {
  readonly text: string;
  readonly owner: string;
  readonly side: Side;
  readonly dueOn: string;
  readonly state: "open" | "done" | "late";
  /** The period it was agreed in, where that is an earlier one. */
  readonly carriedOverFrom: string | null;
}

export interface Signature {
  readonly side: Side;
  readonly name: string;
  readonly on: string;
  /** The revision of the review that was signed. */
  readonly revision: number;
  /** What the signer holds against it; null without reservation. */
  readonly reservation: string | null;
}

export interface DevelopmentPlanView {
  readonly title: string;
  readonly state: string;
  readonly budget: number;
  readonly activities: readonly {
    readonly activity: string;
    readonly metric: string;
    readonly unit: Unit;
    readonly baseline: number | null;
    readonly target: number;
    readonly milestones: readonly { readonly name: string; readonly dueOn: string }[];
  }[];
  /** What happened to the plan, oldest first. */
  readonly steps: readonly {
    readonly on: string;
    readonly kind: "drafted" | "accepted" | "submitted" | "returned" | "approved" | "rejected";
    readonly by: string;
    readonly note: string | null;
  }[];
}
