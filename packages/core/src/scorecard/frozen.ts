import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { CycleId, OpportunityId } from "../id/index.ts";
import { Opportunity } from "../opportunity/index.ts";
import { Card, Digest } from "./schema.ts";

/** One fact behind a frozen card: which revision of it counted, and the values that did. */
export const CardInput = z
  .object({
    opportunityId: OpportunityId,
    revision: z.number().int().positive(),
    outcome: Opportunity.shape.outcome,
    engagedOn: Opportunity.shape.engagedOn,
    closedOn: Opportunity.shape.closedOn,
    /** Minor units of the card's currency. */
    amountMinor: Opportunity.shape.amountMinor,
    listAmountMinor: Opportunity.shape.listAmountMinor,
  })
  .meta({ id: "CardInput" });
export type CardInput = z.infer<typeof CardInput>;

/** A card as it was frozen. Never changes; a correction is another revision beside it. */
export const FrozenCard = Card.extend({
  cycleId: CycleId,
  /** 1, 2, 3 …. */
  revision: z.number().int().positive(),
  frozenAt: z.iso.datetime(),
  /** Why there is another revision; null for the first. */
  reason: z.string().nullable(),
  /** Who made a later revision; absent in the first. */
  revisedBy: ActorRef.optional(),
  inputCount: z.number().int().nonnegative(),
  inputChunks: z.number().int().nonnegative(),
  /** SHA-256 of the input list. */
  inputsDigest: Digest,
  /** SHA-256 of everything else in this row. */
  cardDigest: Digest,
}).meta({ id: "FrozenCard" });
export type FrozenCard = z.infer<typeof FrozenCard>;

/** Part of the input list of a card, as text: one fact a line. */
export const InputChunk = z.object({
  inputsDigest: Digest,
  /** From 0. */
  chunk: z.number().int().nonnegative(),
  lines: z.string(),
});
export type InputChunk = z.infer<typeof InputChunk>;

export const ReviseScorecard = z
  .strictObject({ reason: z.string().trim().min(1).max(500) })
  .meta({ id: "ReviseScorecard" });
export type ReviseScorecard = z.infer<typeof ReviseScorecard>;
