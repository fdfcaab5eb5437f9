import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { Quarter } from "../calendar/index.ts";
import { PartnerId, ProgramId } from "../id/index.ts";
import { MeasureName, WrittenNumber } from "../metric/index.ts";
import { Slug } from "../program/index.ts";

/** What one partner has to reach for the full score of a metric, in the unit its measure is shown in. */
export const PartnerTarget = z
  .object({
    metricId: Slug,
    /** What the metric measured when it was agreed: a target for one measure says nothing of another. */
    measure: MeasureName,
    target: WrittenNumber,
    /** Scores 0; on the side of the target on which the program's own floor is. */
    floor: WrittenNumber,
  })
  .meta({ id: "PartnerTarget" });
export type PartnerTarget = z.infer<typeof PartnerTarget>;

/** Where the figures of a proposal come from. */
export const TargetBasis = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("entered") }),
    z.strictObject({ kind: z.literal("imported") }),
    z.strictObject({
      kind: z.literal("year-before"),
      /** By how much each figure of the same quarter a year before is to get better. */
      growthPercent: WrittenNumber.min(-100).max(1000),
    }),
  ])
  .meta({ id: "TargetBasis" });
export type TargetBasis = z.infer<typeof TargetBasis>;

export const TargetAcknowledgement = z
  .object({ by: ActorRef, at: z.iso.datetime() })
  .meta({ id: "TargetAcknowledgement" });

/** What the vendor proposed, as it was proposed. */
const proposed = {
  /** 1, 2, 3 … of this quarter. */
  number: z.number().int().positive(),
  /** None: the program's own targets are agreed to. */
  targets: z.array(PartnerTarget).max(12),
  basis: TargetBasis,
  proposedBy: ActorRef,
  proposedAt: z.iso.datetime(),
};

export const TargetProposal = z
  .object({
    ...proposed,
    vendor: TargetAcknowledgement.nullable(),
    partner: TargetAcknowledgement.nullable(),
  })
  .meta({ id: "TargetProposal" });
export type TargetProposal = z.infer<typeof TargetProposal>;

export const TargetAgreement = z
  .object({ ...proposed, vendor: TargetAcknowledgement, partner: TargetAcknowledgement })
  .meta({ id: "TargetAgreement" });
export type TargetAgreement = z.infer<typeof TargetAgreement>;

/** The targets of one partner in a program from a quarter on, until others are agreed for a later one. */
export const TargetSet = z
  .object({
    partnerId: PartnerId,
    programId: ProgramId,
    from: Quarter,
    /** What still waits for a side; null where nothing does. */
    proposal: TargetProposal.nullable(),
    /** What both sides acknowledged last, before the quarter began. */
    agreed: TargetAgreement.nullable(),
    /** 0 as long as nothing was proposed. */
    version: z.number().int().nonnegative(),
    updatedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "TargetSet" });
export type TargetSet = z.infer<typeof TargetSet>;

/** What of them a card is computed with. */
export const AgreedTargets = z
  .object({
    from: Quarter,
    number: z.number().int().positive(),
    targets: z.array(PartnerTarget).max(12),
  })
  .meta({ id: "AgreedTargets" });
export type AgreedTargets = z.infer<typeof AgreedTargets>;

export const ProposedTarget = z
  .strictObject({
    metricId: Slug,
    target: WrittenNumber,
    /** Without it the program's own. */
    floor: WrittenNumber.optional(),
  })
  .meta({ id: "ProposedTarget" });
export type ProposedTarget = z.infer<typeof ProposedTarget>;

export const ProposeTargets = z
  .strictObject({
    targets: z.array(ProposedTarget).max(12),
    basis: TargetBasis.default({ kind: "entered" }),
  })
  .meta({ id: "ProposeTargets" });
export type ProposeTargets = z.infer<typeof ProposeTargets>;
