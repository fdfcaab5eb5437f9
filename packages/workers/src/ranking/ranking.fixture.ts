import { marshall } from "@aws-sdk/util-dynamodb";
import type { Month } from "@concord/core/calendar";
import type { PartnerId, TenantId } from "@concord/core/id";
import { emptyCounters, type MonthRollup } from "@concord/core/rollup";
import { discreet } from "@concord/local/testing";
import { openSystemStore, tenantIdOf } from "@concord/storage";
import type { CycleWorld } from "../cycle/cycle.fixture.ts";
import type { RankingDependencies } from "./project-ranking.ts";

export interface ChangeRecord {
  readonly eventName: "INSERT" | "MODIFY";
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly NewImage: Record<string, unknown>;
    readonly OldImage?: Record<string, unknown>;
  };
}

/** Contexts that never wait for others, and how often somebody was faster than they. */
export function countingOvertaken(world: CycleWorld) {
  let overtaken = 0;
  const contention = {
    async pause() {
      overtaken += 1;
    },
  };
  const contextOf = (tenantId: TenantId, now: Date) => {
    const ctx = world.contextOf(tenantId, now);
    return { ...ctx, store: { ...ctx.store, contention } };
  };
  return { contextOf, overtaken: () => overtaken };
}

let sequence = 0;

/** A record of the change feed that says so much about a row. */
export function recordOf(
  tenantId: TenantId,
  row: Readonly<Record<string, unknown>> & { readonly entity: string },
  eventName: ChangeRecord["eventName"] = "INSERT",
): ChangeRecord {
  sequence += 1;
  return {
    eventName,
    dynamodb: {
      SequenceNumber: String(sequence).padStart(12, "0"),
      NewImage: marshall({ pk: `T#${tenantId}#X`, sk: "X", ...row }),
    },
  };
}

/** Deals of one month, as many counters as a full card needs. */
export const monthOfDeals = (
  partnerId: PartnerId,
  month: Month,
  deals: { readonly won: number; readonly lost: number; readonly amountMinor: number },
  version = 1,
): MonthRollup => ({
  partnerId,
  month,
  counters: {
    ...emptyCounters(),
    wonCount: deals.won,
    lostCount: deals.lost,
    wonAmount: deals.won * deals.amountMinor,
    cycleCount: deals.won,
    cycleDays: deals.won * 40,
    listedCount: deals.won,
    listedAmount: deals.won * deals.amountMinor,
    listedListAmount: deals.won * deals.amountMinor,
    "wonWithinBp.1000": deals.won,
    "wonAlignedBp.1000": deals.won,
    createdCount: deals.won + deals.lost,
    createdAmount: (deals.won + deals.lost) * deals.amountMinor,
    enteredCount: deals.won + deals.lost + 1,
    enteredAmount: (deals.won + deals.lost + 1) * deals.amountMinor,
    leftCount: deals.won + deals.lost,
    leftAmount: (deals.won + deals.lost) * deals.amountMinor,
  },
  version,
  changedAt: "2027-02-01T00:00:00.000Z",
});

export const rankingDependencies = (
  world: CycleWorld,
  now: Date,
  options: { readonly contextOf?: RankingDependencies["contextOf"] } = {},
): RankingDependencies => ({
  contextOf: options.contextOf ?? ((tenantId) => world.contextOf(tenantId, now)),
  tenantOf: tenantIdOf,
  setTimer: openSystemStore(world.test.table).timers.set,
  log: discreet((line) => world.log.push(line)),
});
