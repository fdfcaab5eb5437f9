import { eventOf } from "@concord/core/event";
import {
  FlagId,
  type ImportId,
  OpportunityId,
  type SourceId,
  type TenantId,
} from "@concord/core/id";
import { emptyCounters } from "@concord/core/rollup";
import { NOON, type TestApi } from "@concord/local/testing";
import type { Filling } from "./filling.ts";

const AT = NOON.toISOString();
const QUARTER = "2026-Q4";

/** What comes from files and schedules: facts, months, held rows, flags, the cycle, the ranking. */
export async function feed(
  api: TestApi,
  tenantId: TenantId,
  { partnership, text }: Filling,
  { sourceId, importId }: { readonly sourceId: SourceId; readonly importId: ImportId },
): Promise<void> {
  const { partner, program, review, members } = partnership;
  const { store, now } = api.store.asSystem(tenantId);
  const { partnerId } = partner;
  const by = { kind: "system", name: "queue" } as const;
  const fact = {
    opportunityId: api.store.mint(OpportunityId),
    partnerId,
    sourceId,
    externalId: text("external"),
    customerAccount: text("account"),
    product: text("product"),
    stage: text("stage"),
    stageHistory: [{ stage: text("stage"), on: "2026-10-10" }],
    outcome: "won" as const,
    engagedOn: "2026-10-10",
    closedOn: "2026-11-20",
    currency: "USD",
    amountMinor: 300_000,
    listAmountMinor: 310_000,
    defects: [],
    corrected: [],
    importId,
    row: 2,
    revision: 1,
    receivedAt: AT,
    changedAt: AT,
  };
  const counters = { ...emptyCounters(), wonCount: 1, wonAmount: 300_000 };
  await store.imports.writeChunk({
    manifest: {
      importId,
      group: partnerId,
      ordinal: 0,
      entries: [],
      factsChanged: 1,
      changedAt: AT,
    },
    sourceId,
    changes: [{ after: fact }],
    rollups: [{ partnerId, month: "2026-11", counters, version: 1, changedAt: AT }],
    released: [],
  });
  const detail = text("refused");
  await store.imports.putRowErrors(importId, [
    { row: 4, column: "amount", code: "amount-invalid", detail },
  ]);
  await store.sources.holdRows([
    {
      sourceId,
      externalId: text("held"),
      reason: "partner-unknown",
      partner: text("nobody"),
      cells: {
        ...{ externalId: text("held"), partner: text("nobody"), product: text("product") },
        ...{ account: text("cell"), stage: "Won", amount: "90" },
        ...{ engagedOn: "2026-10-10", closedOn: "2026-11-10" },
      },
      row: 3,
      importId,
      digest: "digest",
      heldAt: AT,
    },
  ]);
  const flagId = api.store.mint(FlagId);
  const flagged = [{ row: 2, column: "product", externalId: text("external"), partnerId }];
  const flag = {
    flagId,
    sourceId,
    code: "product-unknown" as const,
    column: "product",
    value: text("value"),
    severity: "warning" as const,
    ownerId: members.steward.memberId,
    status: "open" as const,
    openRows: 1,
    waivedRows: 0,
    waivedReason: null,
    rowsDigest: "digest",
    rowPages: await store.flags.putRows(flagId, flagged, 0),
    version: 1,
    openedAt: AT,
    changedAt: AT,
  };
  await store.flags.save(flag, eventOf("data-quality-flag.counted", by, now, { openRows: 1 }));
  const { cycleId, period, freezesAt, closesAt } = review;
  const cycle = {
    cycleId,
    programId: program.programId,
    programVersion: program.version,
    period,
    span: { from: "2026-10-01", to: "2026-12-31" },
    currency: "USD",
    timeZone: "America/Chicago",
    status: "frozen" as const,
    ...{ opensAt: AT, openedAt: AT, freezesAt, closesAt },
    ...{ partnerCount: 1, chunkCount: 0, kickedOffAt: AT, freezeStartedAt: AT, frozenAt: AT },
    ...{ closedAt: null, reviewsClosedAt: null, version: 1 },
  };
  const evaluated = { cycleId, period, scorecardRevision: 1 };
  await store.tiers.save(
    {
      ...{ partnerId, programId: program.programId, partnerName: partner.name, evaluated },
      ...{ tierId: null, tierName: null, since: null, ratedPeriods: [period], history: [] },
      recommendation: {
        ...evaluated,
        ...{ direction: "promotion", tierId: "gold", tierName: text("Gold"), standingScore: 71 },
        ...{ reasons: [text("reason")], blockedBy: [], decidableFrom: null, recommendedAt: AT },
      },
      ...{ updatedAt: AT, version: 1 },
    },
    eventOf("tier.recommended", by, now, {
      ...{ partnerId, programId: program.programId, from: null, to: "gold" },
      direction: "promotion",
    }),
  );
  await store.cycles.save(cycle, eventOf("cycle.opened", by, now, {}));
  const group = { segment: "reseller.growing", region: text("region") } as const;
  await store.rankings.save(
    {
      ...group,
      ...{ partnerId, partnerName: partner.name, period: QUARTER, state: "live" },
      ...{ programId: program.programId, programVersion: 1, score: 71.5, shownScore: "71.5" },
      ...{ rating: { ratingId: "good", name: text("Good") }, unratedReasons: [] },
      ...{ coveragePercent: 100, revenueMinor: 1, currency: "USD", source: 1, version: 1 },
    },
    [
      {
        ...group,
        ...{ period: QUARTER, currency: "USD", rated: 1, unrated: 0, revenueMinor: 1, version: 1 },
        ratings: { good: { name: text("Good"), partners: 1 } },
      },
    ],
  );
}
