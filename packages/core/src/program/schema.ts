import { z } from "zod";
import { ActorRef, MemberRole, Side } from "../actor/index.ts";
import { Cadence, type Calendar, Quarter } from "../calendar/index.ts";
import { ProgramId } from "../id/index.ts";
import {
  FigureMeasure,
  FormulaMeasure,
  Indicator,
  MeasureName,
  Scale,
  WrittenNumber,
} from "../metric/index.ts";
import { Currency, Money } from "../money/index.ts";
import { LifecycleStage, PartnerType } from "../partner/index.ts";

/** A short name that stays when the label changes; what cards and comparisons refer to. */
export const Slug = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens")
  .max(40);
const Label = z.string().trim().min(1).max(100);
const Text = z.string().trim().max(500);

export const Objective = z
  .strictObject({ objectiveId: Slug, name: Label, description: Text.default("") })
  .meta({ id: "Objective" });
export type Objective = z.infer<typeof Objective>;

export const MetricLayer = z
  .enum(["results", "behaviour", "development"])
  .meta({ id: "MetricLayer" });
export type MetricLayer = z.infer<typeof MetricLayer>;
export const MetricTiming = z.enum(["leading", "lagging"]).meta({ id: "MetricTiming" });
export type MetricTiming = z.infer<typeof MetricTiming>;

/** A percentage of the whole with at most 2 decimals. */
export const WeightPercent = z
  .number()
  .positive()
  .max(100)
  .refine((value) => /^\d+(\.\d{1,2})?$/.test(String(value)), "must have at most 2 decimals");

export const ProgramMetric = z
  .strictObject({
    metricId: Slug,
    name: Label,
    measure: MeasureName,
    parameters: z
      .strictObject({
        /** No data below this many deals; without it the program's minimum applies where the measure needs one. */
        minimumSample: z.number().int().min(1).max(1000).optional(),
        /** The discount limit or the pricing tolerance; 10 where it is not given. */
        limitPercent: z.number().min(0).max(100).optional(),
      })
      .default({}),
    objectiveIds: z.array(Slug).max(10),
    layer: MetricLayer,
    timing: MetricTiming,
    scale: Scale,
    /** 0 where only the templates of segments count it. */
    weightPercent: WeightPercent.or(z.literal(0)),
    /** Without its data there is no rating. */
    critical: z.boolean().default(false),
    /** On the wrong side of it, a critical metric caps the rating; in the unit shown. */
    redFlagFloor: WrittenNumber.nullable().default(null),
    /** The quality metric that must not fall while this one rises. */
    pairedMetricId: Slug.nullable().default(null),
    source: Label,
    ownerRole: MemberRole,
    /** How a person can check the figure. */
    verification: Text,
  })
  .meta({ id: "ProgramMetric" });
export type ProgramMetric = z.infer<typeof ProgramMetric>;

export const RatingBand = z
  .strictObject({
    ratingId: Slug,
    name: Label,
    /** Inclusive. */
    from: WrittenNumber,
    /** Exclusive, but inclusive in the topmost band. */
    to: WrittenNumber,
  })
  .meta({ id: "RatingBand" });
export type RatingBand = z.infer<typeof RatingBand>;

export const ProgramWindows = z
  .strictObject({
    /** `HH:MM` in the tenant's time zone, never between 00:00 and 04:00. */
    openAtLocalTime: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 06:00")
      .default("06:00"),
    /** Days after the end of the period until the cards are frozen. */
    dataWindowDays: z.number().int().min(1).max(60).default(7),
    /** Days after the freeze until the review closes. */
    reviewWindowDays: z.number().int().min(1).max(90).default(21),
    /** Calendar days after the freeze of a revision in which it can be disputed. */
    appealWindowDays: z.number().int().min(1).max(60).default(10),
    /** Days after the freeze in which contributions are taken; null for as long as the review is open. */
    contributionWindowDays: z.number().int().min(0).max(90).nullable().default(null),
    /** Days after the review closes in which what was agreed is done; null where no end is named. */
    actWindowDays: z.number().int().min(1).max(180).nullable().default(null),
    /** Which side leads the cycles; alternating: the sides take turns, the vendor in the first of a fiscal year. */
    lead: z.enum(["vendor", "partner", "alternating"]).default("vendor"),
  })
  .meta({ id: "ProgramWindows" });
export type ProgramWindows = z.infer<typeof ProgramWindows>;

const most = z.number().int().min(0).max(10).default(10);
/** How many may be assigned to each duty within the program, at most. */
const MostAssigned = z
  .strictObject({ "data-collector": most, moderator: most, "plan-signatory": most })
  .meta({ id: "MostAssigned" });

export const DecisionRights = z
  .strictObject({
    /** A development plan above this budget needs the executive sponsor too. */
    planBudgetLimit: Money,
    /** Who decides where an approver is the author, in this order. */
    substitutes: z.array(MemberRole).max(8).default(["program-manager", "owner"]),
    approvalStepDays: z.number().int().min(1).max(90).default(10),
    reminderDays: z.number().int().min(1).max(90).default(3),
    escalationDays: z.number().int().min(1).max(90).default(7),
    /** Calendar days until a dispute is to be decided. */
    disputeDays: z.number().int().min(1).max(90).default(10),
    /** Points by which a calibration can move a score at most; 0 where it cannot. */
    calibrationPoints: z.number().int().min(0).max(20).default(5),
    mostAssigned: MostAssigned.prefault({}),
  })
  .meta({ id: "DecisionRights" });
export type DecisionRights = z.infer<typeof DecisionRights>;

/** Which periods a partner's standing is made of, and how much each counts. */
export const HistoryRule = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("last-period") }),
    z.strictObject({
      kind: z.literal("linear-decay"),
      /** N: the newest period weighs 1, the one before (N − 1)/N, then (N − 2)/N … */
      periods: z.number().int().min(2).max(12),
    }),
  ])
  .meta({ id: "HistoryRule" });
export type HistoryRule = z.infer<typeof HistoryRule>;

/** How much of a review a segment gets. */
export const ReviewDepth = z.enum(["light", "standard", "deep-dive"]).meta({ id: "ReviewDepth" });
export type ReviewDepth = z.infer<typeof ReviewDepth>;

/** What a session talks about beside the figures. */
export const FocusTopic = z
  .enum(["market-entry", "enablement", "fast-feedback", "optimisation", "governance", "roadmap"])
  .meta({ id: "FocusTopic" });
export type FocusTopic = z.infer<typeof FocusTopic>;

/** A metric of the program as a segment counts it; what is left out is as the program says. */
export const TemplateMetric = z
  .strictObject({
    metricId: Slug,
    weightPercent: WeightPercent,
    scale: Scale.optional(),
    critical: z.boolean().optional(),
    /** Null for none. */
    redFlagFloor: WrittenNumber.nullable().optional(),
  })
  .meta({ id: "TemplateMetric" });
export type TemplateMetric = z.infer<typeof TemplateMetric>;

/** Partners of some types in some stages of their life, with a template of their own. */
export const ProgramSegment = z
  .strictObject({
    segmentId: Slug,
    name: Label,
    /** Empty for every type. */
    partnerTypes: z.array(PartnerType).max(10).default([]),
    /** Empty for every stage. */
    lifecycleStages: z.array(LifecycleStage).max(10).default([]),
    depth: ReviewDepth.default("standard"),
    /** Empty for what fits the stage of each partner. */
    focus: z.array(FocusTopic).max(6).default([]),
    /** As the program says where it is absent. */
    cadence: Cadence.optional(),
    template: z.array(TemplateMetric).max(50),
  })
  .meta({ id: "ProgramSegment" });
export type ProgramSegment = z.infer<typeof ProgramSegment>;

/** Where a partner stands in a program with segments; what a review keeps from the opening of its cycle. */
export const SegmentPlace = z
  .object({
    /** Null where no segment claims the partner: the program's own metrics count. */
    segmentId: Slug.nullable(),
    depth: ReviewDepth,
    focus: z.array(FocusTopic),
  })
  .meta({ id: "SegmentPlace" });
export type SegmentPlace = z.infer<typeof SegmentPlace>;
/** A measure by figures, and whom to ask about them. */
export const ProgramFigure = FigureMeasure.extend({
  source: Label,
  ownerRole: MemberRole,
}).meta({ id: "ProgramFigure" });
export type ProgramFigure = z.infer<typeof ProgramFigure>;

/** What people rate from 1 to 5, and what each step of the scale means. */
export const ProgramIndicator = Indicator.extend({
  /** What 1, 2, 3, 4 and 5 look like, in words; all five before it is published. */
  anchors: z.array(z.string().trim().max(300)).max(5),
  /** The vendor rates the partner; what the partner says of itself is shown and never counts. */
  /** Whose people may rate. */
  raters: z.array(Side).max(2).default(["vendor"]),
  /** Where a metric on it belongs. */
  layer: MetricLayer.default("behaviour"),
  /** Whether the partner learns which person of the vendor said what. */
  namesRaters: z.boolean().default(false),
}).meta({ id: "ProgramIndicator" });
export type ProgramIndicator = z.infer<typeof ProgramIndicator>;

/** A level of the program; the highest whose minimums a standing meets is a partner's. */
export const ProgramTier = z
  .strictObject({
    tierId: Slug,
    name: Label,
    /** Of the standing, inclusive; null for none. */
    minimumScore: WrittenNumber.min(0).max(100).nullable().default(null),
    /** Of the standing; null for none. */
    minimumRatingId: Slug.nullable().default(null),
    /** Periods with a rated card. */
    minimumPeriods: z.number().int().min(0).max(40).default(0),
  })
  .meta({ id: "ProgramTier" });
export type ProgramTier = z.infer<typeof ProgramTier>;

const definition = {
  name: Label,
  description: Text,
  /** Of every amount in scales, limits and cards. */
  currency: Currency,
  /** How often partners are scored whose segment says nothing else. */
  cadence: Cadence,
  objectives: z.array(Objective).max(20),
  metrics: z.array(ProgramMetric).max(50),
  /** Measures of this program's own, by formula. */
  formulaMeasures: z.array(FormulaMeasure).max(30),
  /** Measures whose figures are handed in, month by month. */
  figureMeasures: z.array(ProgramFigure).max(30),
  /** What people rate on anchored scales; the measure of `field-observations` is `behaviour_field_observations`. */
  indicators: z.array(ProgramIndicator).max(12),
  ratingBands: z.array(RatingBand).max(10),
  /** Below this coverage there is no rating. */
  minimumCoveragePercent: WrittenNumber.min(0).max(100),
  /** Deals a win rate needs. */
  minimumSample: z.number().int().min(1).max(1000),
  /** The best rating a card with a red flag can have; null for no such rule. */
  redFlagRatingId: Slug.nullable(),
  /** The lowest first; none where the program has no levels. */
  tiers: z.array(ProgramTier).max(8),
  /** Whether a partner moves up without a person; nobody ever moves down without one. */
  automaticPromotion: z.boolean(),
  history: HistoryRule,
  windows: ProgramWindows,
  decisionRights: DecisionRights,
  /** No partner belongs to two of them; whom none claims is measured by the program's own metrics. */
  segments: z.array(ProgramSegment).max(20),
  /** Without targets that both sides have acknowledged a partner has a card, but no rating. */
  requiresAgreedTargets: z.boolean(),
};

export const ProgramDefinition = z
  .strictObject({
    ...definition,
    description: Text.default(""),
    formulaMeasures: definition.formulaMeasures.default([]),
    figureMeasures: definition.figureMeasures.default([]),
    indicators: definition.indicators.default([]),
    cadence: definition.cadence.default("quarterly"),
    minimumCoveragePercent: definition.minimumCoveragePercent.default(60),
    minimumSample: definition.minimumSample.default(10),
    redFlagRatingId: definition.redFlagRatingId.default(null),
    tiers: definition.tiers.default([]),
    automaticPromotion: definition.automaticPromotion.default(false),
    history: HistoryRule.default({ kind: "last-period" }),
    windows: ProgramWindows.prefault({}),
    segments: definition.segments.default([]),
    requiresAgreedTargets: definition.requiresAgreedTargets.default(false),
  })
  .meta({ id: "ProgramDefinition" });
export type ProgramDefinition = z.infer<typeof ProgramDefinition>;

export const PublishedSummary = z
  .object({
    version: z.number().int().positive(),
    effectiveFrom: Quarter,
    warnings: z.array(z.string()),
    publishedAt: z.iso.datetime(),
  })
  .meta({ id: "PublishedSummary" });
export type PublishedSummary = z.infer<typeof PublishedSummary>;

/** The head of a program: its draft, and which version was published last. */
export const Program = z
  .object({
    programId: ProgramId,
    draft: ProgramDefinition,
    /** The version published last. */
    published: PublishedSummary.nullable(),
    version: z.number().int().positive(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Program" });
export type Program = z.infer<typeof Program>;

/** A version of a program. Never changes. */
export const PublishedProgram = z
  .object({
    programId: ProgramId,
    /** 1, 2, 3 …; what a running cycle pins. */
    version: z.number().int().positive(),
    /** The first quarter it is used for. */
    effectiveFrom: Quarter,
    definition: ProgramDefinition,
    warnings: z.array(z.string()),
    publishedAt: z.iso.datetime(),
    publishedBy: ActorRef,
  })
  .meta({ id: "PublishedProgram" });
export type PublishedProgram = z.infer<typeof PublishedProgram>;

/** What every card of a tenant is scored with. */
export interface ScoringRules {
  readonly calendar: Calendar;
  /** Of every program, by program and version. */
  readonly versions: readonly PublishedProgram[];
  /** The cadences that single partners were ever given; absent for programs where none was. */
  readonly overridden?: ReadonlyMap<ProgramId, readonly Cadence[]>;
}

/** What the cycles of one program open by. */
export interface OpeningRules {
  /** Oldest first. */
  readonly versions: readonly PublishedProgram[];
  /** The cadences that single partners were ever given in it. */
  readonly overridden: readonly Cadence[];
}

/** Drafts with sound defaults, one for each kind of partner. */
export const ProgramTemplate = z
  .enum([
    "reseller-template",
    "technology-alliance-template",
    "referral-template",
    "managed-service-template",
  ])
  .meta({ id: "ProgramTemplate" });
export type ProgramTemplate = z.infer<typeof ProgramTemplate>;

export const CreateProgram = z
  .discriminatedUnion("from", [
    z.strictObject({ from: ProgramTemplate, name: Label.optional() }),
    z.strictObject({ from: z.literal("draft"), draft: ProgramDefinition }),
  ])
  .meta({ id: "CreateProgram" });
export type CreateProgram = z.infer<typeof CreateProgram>;

/** Without defaults: what is left out of a change stays as it is. */
export const UpdateProgramDraft = z
  .strictObject(definition)
  .partial()
  .meta({ id: "UpdateProgramDraft" });
export type UpdateProgramDraft = z.infer<typeof UpdateProgramDraft>;

export const PublishProgram = z
  .strictObject({ effectiveFrom: Quarter })
  .meta({ id: "PublishProgram" });
export type PublishProgram = z.infer<typeof PublishProgram>;
