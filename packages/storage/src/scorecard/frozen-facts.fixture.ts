import { OpportunityId, PartnerId, ProgramId, SourceId } from "@concord/core/id";
import type { Opportunity } from "@concord/core/opportunity";
import { type PublishedProgram, resellerTemplate } from "@concord/core/program";
import { type MonthRollup, recount } from "@concord/core/rollup";
import type { FactStore } from "@concord/core/scorecard";

export const PROGRAM = ProgramId.parse("pgm_0000000000000000000000000A");
export const SPAN = { from: "2026-10-01", to: "2026-12-31" };
/** The template, published before the quarter. */
export const program: PublishedProgram = {
  programId: PROGRAM,
  version: 1,
  effectiveFrom: "2026-Q4",
  definition: resellerTemplate("USD"),
  warnings: [],
  publishedAt: "2026-09-01T00:00:00.000Z",
  publishedBy: { kind: "system", name: "bootstrap" },
};

export const factOf = (partnerId: PartnerId, number: number, changes: Partial<Opportunity> = {}) =>
  ({
    opportunityId: OpportunityId.parse(`opp_${String(number).padStart(26, "0")}`),
    partnerId,
    sourceId: SourceId.parse("src_0000000000000000000000000A"),
    externalId: `E-${number}`,
    customerAccount: "Northwind",
    product: "Alpha",
    stage: "Won",
    stageHistory: [],
    outcome: number % 3 === 0 ? "lost" : "won",
    engagedOn: "2026-10-05",
    closedOn: "2026-11-20",
    currency: "USD",
    amountMinor: number % 3 === 0 ? 0 : 200_000 + number,
    listAmountMinor: 210_000,
    defects: [],
    corrected: [],
    importId: null,
    row: null,
    revision: 1,
    receivedAt: "2026-11-21T00:00:00.000Z",
    changedAt: "2026-11-21T00:00:00.000Z",
    ...changes,
  }) satisfies Opportunity;

export const factsOf = (partnerId: PartnerId, count = 30): Opportunity[] =>
  Array.from({ length: count }, (_, index) => factOf(partnerId, index + 1));

/** Facts in memory, with the rollup they add up to; `changes` runs between two pages of facts. */
export function factStore(read: () => readonly Opportunity[], version = () => 1): FactStore {
  const months = (): MonthRollup[] =>
    [...recount(read())].map(([month, counters]) => ({
      partnerId: read()[0]?.partnerId ?? PartnerId.parse("ptr_0000000000000000000000000A"),
      month,
      counters,
      version: version(),
      changedAt: "2026-11-21T00:00:00.000Z",
    }));
  return {
    opportunities: {
      async *ofPartner() {
        yield* read();
      },
    },
    liveNumbers: { of: () => Promise.resolve({ months: months(), targets: [] }) },
  };
}
