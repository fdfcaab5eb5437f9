import type { CalendarDate } from "../calendar/index.ts";
import type { DefectCode, Field, Preset } from "../source/index.ts";
import type { Opportunity, OpportunityOutcome, StageEntry } from "./schema.ts";

/** What a feed says of a deal, before anything is judged. */
export interface FactValues {
  readonly customerAccount: string | null;
  readonly product: string | null;
  readonly stage: string;
  readonly outcome: OpportunityOutcome;
  readonly engagedOn: CalendarDate | null;
  readonly closedOn: CalendarDate | null;
  /** Integer minor units of the source's currency. */
  readonly amountMinor: number | null;
}

/** How values count, and what is wrong with them. */
export interface Assessment {
  readonly closedOn: CalendarDate | null;
  readonly listAmountMinor: number | null;
  readonly defects: readonly { readonly code: DefectCode; readonly column: string }[];
}

/** Every defect is named; none of them stops the row from counting where the defect does not matter. */
export function assess(
  values: FactValues,
  preset: Preset,
  listAmountOf: (product: string) => number | undefined,
): Assessment {
  const { outcome, engagedOn, product, amountMinor } = values;
  const isClosed = outcome !== "open";
  const listAmount = product === null ? undefined : listAmountOf(product);
  const defects: { code: DefectCode; column: string }[] = [];
  const flag = (code: DefectCode, field: Field) =>
    defects.push({ code, column: preset.columns[field] });

  if (listAmount === undefined) flag("product-unknown", "product");
  if (values.customerAccount === null) flag("account-missing", "account");
  if (engagedOn === null) flag("engage-date-missing", "engagedOn");
  if (isClosed && values.closedOn === null) flag("close-date-missing", "closedOn");
  if (!isClosed && values.closedOn !== null) flag("close-date-on-open", "closedOn");
  if (isClosed && engagedOn !== null && values.closedOn !== null && values.closedOn < engagedOn) {
    flag("close-before-engage", "closedOn");
  }
  if (outcome === "won" && amountMinor === null) flag("amount-missing", "amount");
  if (isClosed && amountMinor === 0) flag("amount-zero", "amount");
  return {
    closedOn: isClosed ? values.closedOn : null,
    listAmountMinor: listAmount ?? null,
    defects,
  };
}

const MAX_HISTORY = 20;

/** The stages a deal has passed, oldest first; a stage the feed gives no date for is dated `asOf`. */
export function stageHistoryAfter(
  history: readonly StageEntry[],
  { stage, engagedOn, closedOn, outcome }: FactValues,
  { workingStage }: Preset,
  asOf: CalendarDate,
): StageEntry[] {
  const fed = stage === workingStage ? engagedOn : outcome === "open" ? null : (closedOn ?? null);
  const last = history.at(-1);
  if (last?.stage === stage) {
    return fed === null || fed === last.on
      ? [...history]
      : [...history.slice(0, -1), { stage, on: fed }];
  }
  const hasWorked = stage === workingStage || history.some((entry) => entry.stage === workingStage);
  const passed =
    engagedOn !== null && outcome !== "open" && !hasWorked
      ? [{ stage: workingStage, on: engagedOn }]
      : [];
  const all = [...history, ...passed, { stage, on: fed ?? asOf }];
  return all.length <= MAX_HISTORY ? all : [...all.slice(0, 1), ...all.slice(1 - MAX_HISTORY)];
}

/** Whether a fact says and counts the same; the row number and the import alone make no change. */
export const isSameFact = (one: Opportunity, other: Opportunity): boolean =>
  substanceOf(one) === substanceOf(other);

const substanceOf = (fact: Opportunity): string =>
  JSON.stringify([
    fact.partnerId,
    fact.customerAccount,
    fact.product,
    fact.stage,
    fact.stageHistory.map(({ stage, on }) => [stage, on]),
    fact.outcome,
    fact.engagedOn,
    fact.closedOn,
    fact.currency,
    fact.amountMinor,
    fact.listAmountMinor,
    fact.defects.map(({ code, column }) => [code, column]),
    fact.corrected,
    Object.entries(fact.fed ?? {}).sort(),
  ]);
