import type { RequestContext } from "@concord/core/context";
import type { CycleMessage } from "@concord/core/cycle";
import type { PartnerId, ProgramId, TenantId } from "@concord/core/id";
import { repairRollup } from "@concord/core/opportunity";
import { createPartner } from "@concord/core/partner";
import { createProgram, type ProgramDefinition, publishProgram } from "@concord/core/program";
import { createTenant } from "@concord/core/tenant";
import type { TickReport } from "@concord/core/timer";
import { ACME, discreet, GLOBEX, type TestStore, testStore } from "@concord/local/testing";
import { openPinnedStore, openSystemStore, type Table, type TenantStore } from "@concord/storage";
import { runTick, type TickDependencies } from "../timer/run-tick.ts";
import { cycleTimers } from "./cycle-timers.ts";
import { type CycleWorkDependencies, runCycleMessage } from "./run-cycle-message.ts";

/** The business clock starts in December, so that the first quarter is still ahead. */
export const DECEMBER = new Date("2026-12-10T12:00:00.000Z");

export interface CycleWorld {
  readonly test: TestStore;
  readonly queue: CycleMessage[];
  readonly log: Readonly<Record<string, unknown>>[];
  contextOf(tenantId: TenantId, now: Date, table?: Table): RequestContext<TenantStore>;
  /** A tenant in Chicago with a published program and so many partners, as of December 2026. */
  addTenant(
    tenantId: TenantId,
    partners: number,
    options?: {
      readonly timeZone?: string;
      readonly publishedAt?: Date;
      /** Of a program in place of the template. */
      readonly draft?: ProgramDefinition;
    },
  ): Promise<{ programId: ProgramId; partnerIds: PartnerId[] }>;
  tickDependencies(table?: Table): TickDependencies;
  tick(now: Date, table?: Table): Promise<TickReport>;
  workDependencies(now: Date, table?: Table): CycleWorkDependencies;
  /** Delivers every message once, and those they send, until none is left. */
  drain(now: Date, table?: Table): Promise<void>;
  /** Ticks and drains until nothing is under way. */
  settle(now: Date): Promise<void>;
}

export async function cycleWorld(): Promise<CycleWorld> {
  const test = await testStore({ now: DECEMBER });
  const queue: CycleMessage[] = [];
  const log: Readonly<Record<string, unknown>>[] = [];

  const contextOf: CycleWorld["contextOf"] = (tenantId, now, table = test.table) => ({
    actor: { kind: "system", name: "schedule" },
    store: openPinnedStore(table, tenantId),
    now,
    mint: test.mint,
  });
  const send = (messages: readonly CycleMessage[]) => {
    queue.push(...messages);
    return Promise.resolve();
  };

  const world: CycleWorld = {
    test,
    queue,
    log,
    contextOf,

    async addTenant(tenantId, partners, { timeZone = "America/Chicago", publishedAt, draft } = {}) {
      await createTenant(
        { ...test.asSystem(tenantId), openTenant: test.openTenant },
        {
          tenantId,
          tenant: { name: tenantId, timeZone, fiscalYearStartMonth: 1, currency: "USD" },
          owner: {
            email: `owner-${tenantId.slice(-8).toLowerCase()}@concord.test`,
            displayName: "Owner",
            initialPassword: "a password of these tests",
          },
        },
      );
      const ctx = { ...test.asMember(tenantId, "admin"), now: publishedAt ?? DECEMBER };
      const partnerIds: PartnerId[] = [];
      for (let index = 0; index < partners; index += 1) {
        const { partnerId } = await createPartner(ctx, {
          name: `Partner ${String(index).padStart(4, "0")}`,
          type: "reseller",
          lifecycleStage: "growing",
          region: "Central",
          partnerManagerId: null,
          executiveSponsorId: null,
          dataStewardId: null,
        });
        partnerIds.push(partnerId);
      }
      const { programId, version } = await createProgram(
        ctx,
        draft ? { from: "draft", draft } : { from: "reseller-template" },
      );
      await publishProgram(ctx, { programId, ifVersion: version, effectiveFrom: "2026-Q1" });
      return { programId, partnerIds };
    },

    tickDependencies: (table = test.table) => ({
      timers: openSystemStore(table).timers,
      handlers: {
        ...cycleTimers({
          contextOf: (tenantId, now) => contextOf(tenantId, now, table),
          queue: { send },
        }),
        dispute: () => Promise.resolve("done"),
        "ranking-recount": () => Promise.resolve("done"),
        "re-score": () => Promise.resolve("done"),
        subscription: () => Promise.resolve("done"),
        "trial-ending": () => Promise.resolve("done"),
        "invoice-due": () => Promise.resolve("done"),
        "audit-link": () => Promise.resolve("done"),
        "tenant-erasure": () => Promise.resolve("done"),
        "membership-erasure": () => Promise.resolve("done"),
        "person-erasure": () => Promise.resolve("done"),
        retention: () => Promise.resolve("done"),
        "tenant-export": () => Promise.resolve("done"),
      },
      log: discreet((line) => log.push(line)),
    }),
    tick: (now, table) => runTick(world.tickDependencies(table), now),

    workDependencies: (now, table = test.table) => ({
      contextOf: (tenantId) => contextOf(tenantId, now, table),
      queue: { send },
      repairRollup: async (tenantId, partnerId) => {
        await repairRollup(contextOf(tenantId, now, table), partnerId);
      },
      log: discreet((line) => log.push(line)),
    }),

    async drain(now, table) {
      for (let message = queue.shift(); message; message = queue.shift()) {
        await runCycleMessage(world.workDependencies(now, table), message);
      }
    },

    async settle(now) {
      for (let fired = 1; fired > 0; ) {
        ({ fired } = await world.tick(now));
        await world.drain(now);
      }
    },
  };
  return world;
}

export { ACME, GLOBEX };
