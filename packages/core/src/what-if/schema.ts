import { z } from "zod";
import { ProgramId } from "../id/index.ts";
import { WrittenNumber } from "../metric/index.ts";
import { Slug, WeightPercent } from "../program/index.ts";
import { Card, CardComparison, Decimal } from "../scorecard/index.ts";

/** As many as a card has metrics. */
const MOST = 12;

/** What to suppose of a card; what is not named stays as it is. */
export const WhatIf = z
  .strictObject({
    /** Which program, where the tenant runs several; the one published last without it. */
    programId: ProgramId.optional(),
    /** With those that stay, they have to add up to 100. */
    weights: z
      .array(z.strictObject({ metricId: Slug, weightPercent: WeightPercent.or(z.literal(0)) }))
      .max(MOST)
      .default([]),
    targets: z
      .array(
        z.strictObject({
          metricId: Slug,
          target: WrittenNumber,
          /** Without it the one that counts today. */
          floor: WrittenNumber.optional(),
        }),
      )
      .max(MOST)
      .default([]),
    /** In the unit shown, in place of what was measured. */
    values: z
      .array(z.strictObject({ metricId: Slug, value: Decimal }))
      .max(MOST)
      .default([]),
  })
  .meta({
    id: "WhatIf",
    example: { targets: [{ metricId: "revenue-won", target: 120000 }] },
  });
export type WhatIf = z.infer<typeof WhatIf>;

const outcome = { score: true, shownScore: true, rating: true } as const;

/** A card as it would be; nothing of it is kept. */
export const SupposedCard = z
  .object({
    /** Whether the card that it starts from is still moving. */
    status: z.enum(["live", "frozen"]),
    /** The card as it is. */
    before: Card.pick(outcome).meta({ id: "CardOutcome" }),
    card: Card.omit({ formulaHash: true }).meta({ id: "HypotheticalCard" }),
    /** By how much each metric moves the score, and why. */
    comparison: CardComparison,
  })
  .meta({ id: "SupposedCard" });
export type SupposedCard = z.infer<typeof SupposedCard>;
