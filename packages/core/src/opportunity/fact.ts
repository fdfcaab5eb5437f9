import type { CalendarDate } from "../calendar/index.ts";
import {
  deriveId,
  type ImportId,
  OpportunityId,
  type PartnerId,
  type SourceId,
} from "../id/index.ts";
import type { Currency } from "../money/index.ts";
import { type Catalog, defectBits, type Preset, stageOf } from "../source/index.ts";
import { assess, type FactValues, stageHistoryAfter } from "./assess.ts";
import type { IndexEntry, Opportunity } from "./schema.ts";

/** The same row of the same source is the same opportunity, whatever file it comes in. */
export const opportunityIdOf = (sourceId: SourceId, externalId: string): OpportunityId =>
  deriveId(OpportunityId, sourceId, externalId);

/** What turns the values of a feed into facts; one for a whole run. */
export interface FactRules {
  readonly sourceId: SourceId;
  readonly currency: Currency;
  readonly preset: Preset;
  readonly catalog: Pick<Catalog, "listAmountOf">;
  readonly asOf: CalendarDate;
  readonly now: Date;
}

/** Fields a person may correct. */
export const CORRECTABLE = [
  "customerAccount",
  "product",
  "stage",
  "engagedOn",
  "closedOn",
  "amountMinor",
] as const;
export type Correctable = (typeof CORRECTABLE)[number];

export interface FedRow {
  readonly externalId: string;
  readonly partnerId: PartnerId;
  readonly values: FactValues;
  readonly importId: ImportId;
  readonly row: number;
}

/** The fact that a row of a feed makes, over what stands. Corrected fields keep their correction. */
export function factFromFeed(
  rules: FactRules,
  { externalId, partnerId, values, importId, row }: FedRow,
  before: Opportunity | undefined,
): Opportunity {
  const corrected = (before?.corrected ?? []) as readonly Correctable[];
  const fed = corrected.length
    ? Object.fromEntries(corrected.map((field) => [field, values[field]]))
    : undefined;
  const kept = before ? Object.fromEntries(corrected.map((field) => [field, before[field]])) : {};
  return factOf(rules, { ...values, ...kept }, row, {
    ...(before ?? { opportunityId: opportunityIdOf(rules.sourceId, externalId), stageHistory: [] }),
    partnerId,
    sourceId: rules.sourceId,
    externalId,
    corrected: [...corrected],
    ...(fed ? { fed } : {}),
    importId,
    row,
    revision: (before?.revision ?? 0) + 1,
    receivedAt: rules.now.toISOString(),
  });
}

type Standing = Pick<
  Opportunity,
  | "opportunityId"
  | "partnerId"
  | "sourceId"
  | "externalId"
  | "stageHistory"
  | "corrected"
  | "correctedBy"
  | "fed"
  | "isReattributed"
  | "importId"
  | "row"
  | "revision"
  | "receivedAt"
>;

/** A fact of these values: assessed, with its stage history carried on. */
export function factOf(
  rules: FactRules,
  given: FactValues,
  row: number,
  standing: Standing,
): Opportunity {
  const { preset, catalog, currency, asOf, now } = rules;
  const outcome = stageOf(preset, given.stage)?.outcome ?? given.outcome;
  const values = { ...given, outcome };
  const { closedOn, listAmountMinor, defects } = assess(values, preset, catalog.listAmountOf);
  const { opportunityId, partnerId, sourceId, externalId, corrected, fed, importId } = standing;
  return {
    opportunityId,
    partnerId,
    sourceId,
    externalId,
    customerAccount: values.customerAccount,
    product: values.product,
    stage: values.stage,
    stageHistory: stageHistoryAfter(standing.stageHistory, values, preset, asOf),
    outcome,
    engagedOn: values.engagedOn,
    closedOn,
    currency,
    amountMinor: values.amountMinor,
    listAmountMinor,
    defects: defects.map((defect) => ({ ...defect, row })),
    corrected,
    ...(fed && Object.keys(fed).length > 0 ? { fed } : {}),
    ...(standing.isReattributed ? { isReattributed: true } : {}),
    ...(standing.correctedBy ? { correctedBy: standing.correctedBy } : {}),
    importId,
    row: standing.row,
    revision: standing.revision,
    receivedAt: standing.receivedAt,
    changedAt: now.toISOString(),
  };
}

/** @param digest of the feed's row; empty keeps the one that is known */
export const indexEntryOf = (fact: Opportunity, digest: string): IndexEntry => ({
  digest,
  partnerId: fact.partnerId,
  row: fact.row ?? 1,
  defects: defectBits(fact.defects.map(({ code }) => code)),
  product: fact.product ?? "",
  stage: fact.stage,
  revision: fact.revision,
  isPinned: fact.isReattributed === true,
});
