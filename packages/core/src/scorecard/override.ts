import { z } from "zod";
import { classified } from "../classification/index.ts";
import { DisputeId } from "../id/index.ts";
import {
  exactly,
  fraction,
  type Measured,
  type Measurer,
  times,
  unitDecimals,
} from "../metric/index.ts";

/** An exact decimal number as text, in the unit shown. */
export const Decimal = z.string().regex(/^-?\d{1,15}(\.\d{1,4})?$/);

/** What an upheld dispute says of a card, whatever the facts say. */
export const CardOverride = z
  .discriminatedUnion("kind", [
    /** The metric counts as one without data. */
    z.object({ kind: z.literal("excluded"), metricId: z.string(), disputeId: DisputeId }),
    z.object({
      kind: z.literal("value"),
      metricId: z.string(),
      disputeId: DisputeId,
      /** Counts instead of the measure, in the unit shown. */
      value: classified("scorecard.amounts", Decimal),
    }),
    z.object({
      kind: z.literal("consequence-waived"),
      /** Whose red flag does not count; null where nothing is to follow from the whole card. */
      metricId: z.string().nullable(),
      disputeId: DisputeId,
    }),
  ])
  .meta({ id: "CardOverride" });
export type CardOverride = z.infer<typeof CardOverride>;

type Overrides = readonly CardOverride[] | undefined;

const isWaiver = ({ kind }: CardOverride): boolean => kind === "consequence-waived";

/** What stands in place of the measure of a metric. */
export const measureOverride = (overrides: Overrides, metricId: string): CardOverride | undefined =>
  overrides?.find((one) => !isWaiver(one) && one.metricId === metricId);

/** Why the red flag of a metric does not count; of the whole card with null. */
export const waiverOf = (overrides: Overrides, metricId: string | null): CardOverride | undefined =>
  overrides?.find((one) => isWaiver(one) && one.metricId === metricId);

/** The newest decision on one matter replaces the one before. */
export const withOverride = (overrides: Overrides, next: CardOverride): CardOverride[] => [
  ...withoutOverride(overrides, next),
  next,
];

export const withoutOverride = (
  overrides: Overrides,
  { kind, metricId }: Pick<CardOverride, "kind" | "metricId">,
): CardOverride[] =>
  (overrides ?? []).filter(
    (one) => one.metricId !== metricId || isWaiver(one) !== (kind === "consequence-waived"),
  );

/** A measure as the card counts it. */
export function overridden(
  own: Measured,
  override: CardOverride | undefined,
  { unit }: ReturnType<Measurer["known"]>,
  currency: string,
): Measured {
  if (override?.kind === "excluded") {
    const detail = `left out, as decided on dispute ${override.disputeId}`;
    return { sample: own.sample, value: null, noData: { code: "excluded-by-dispute", detail } };
  }
  if (override?.kind !== "value") return own;
  const inner = fraction(10n ** BigInt(unitDecimals(unit, currency)));
  return { sample: own.sample, value: times(exactly(override.value), inner), noData: null };
}
