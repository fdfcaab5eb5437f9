import { generateKeyPairSync } from "node:crypto";
import {
  type AuditHead,
  AuditSigningKey,
  headSigner,
  headVerifier,
  linkDay,
  recordChange,
  signHead,
} from "@concord/core/audit";
import type { RequestContext } from "@concord/core/context";
import { type Cycle, type CycleMessage, openCycle } from "@concord/core/cycle";
import type { ProgramId } from "@concord/core/id";
import { closeReviewWindow, openReview } from "@concord/core/review";
import { ACME, GLOBEX, type TestApi, testApi } from "@concord/local/testing";
import {
  auditSourceOf,
  type Item,
  openTenantStore,
  type Table,
  type TenantStore,
} from "@concord/storage";
import { runCycleMessage } from "@concord/workers";
import { fillTenant } from "../isolation/world.ts";

/** Long after the changes: whatever is not linked and signed by now is a fault. */
export const LATER = new Date("2027-03-01T12:00:00.000Z");

const LINKED_AT = new Date("2027-02-10T12:00:00.000Z");

const { privateKey } = generateKeyPairSync("ed25519");
const key = AuditSigningKey.parse({ ...privateKey.export({ format: "jwk" }), kid: "test" });
export const sign = headSigner(key);
export const verifyHead = headVerifier([key]);

export const asSystem = (table: Table, tenantId = ACME): RequestContext<TenantStore> => ({
  actor: { kind: "system", name: "stream" },
  store: openTenantStore(table, tenantId),
  now: LATER,
  mint: () => {
    throw new Error("nothing is made here");
  },
});

const isAudited = ({ pk, entity }: Item, tenantId = ACME): boolean =>
  String(pk).startsWith(`T#${tenantId}#`) && ["Event", "ImportChunk"].includes(String(entity));

const OPENED_AT = new Date("2027-01-20T12:00:00.000Z");

/**
 * Kicks a cycle off for every partner of the tenant, whose reviews have no event then; one of them was
 * closed before the kick-off had ended.
 */
async function kickOff(api: TestApi, programId: ProgramId): Promise<void> {
  const contextOf = (): RequestContext<TenantStore> => ({
    ...asSystem(api.store.table),
    actor: { kind: "system", name: "schedule" },
    now: OPENED_AT,
  });
  const opened = await openCycle(contextOf(), {
    ...{ programId, notBefore: "2027-01-01", cadence: "quarterly" },
  });
  if (opened.outcome !== "open") throw new Error(`the cycle is ${opened.outcome}`);
  const { cycleId } = opened.cycle;
  const messages: CycleMessage[] = [{ kind: "advance-cycle", tenantId: ACME, cycleId }];
  for (let message = messages.shift(); message; message = messages.shift()) {
    await runCycleMessage(
      {
        contextOf,
        queue: {
          send: async (more) => {
            messages.push(...more);
            await closeOne(contextOf(), opened.cycle);
          },
        },
        repairRollup: () => Promise.resolve(),
        log: () => undefined,
      },
      message,
    );
  }
}

async function closeOne(ctx: RequestContext<TenantStore>, cycle: Cycle): Promise<void> {
  const [partner] = (await ctx.store.partners.list({ limit: 1 })).items;
  if (!partner) throw new Error("the tenant has partners");
  await ctx.store.reviews.open(openReview(cycle, partner, ctx.now));
  await closeReviewWindow(ctx, { cycleId: cycle.cycleId, partnerId: partner.partnerId });
}

/** A tenant filled through the API, its changes entered but not linked. */
export async function enteredTenant(): Promise<{ api: TestApi; days: string[] }> {
  const api = await testApi();
  const { sides } = await fillTenant(api, ACME, ["canary-one", "canary-two"]);
  await kickOff(api, sides[0].partnership.program.programId);
  const sources = (await api.store.dump()).filter((row) => isAudited(row)).map(auditSourceOf);
  const ctx = asSystem(api.store.table);
  for (const source of sources) await recordChange(ctx, source);
  const globex = (await api.store.dump()).filter((row) => isAudited(row, GLOBEX));
  for (const row of globex) {
    await recordChange(asSystem(api.store.table, GLOBEX), auditSourceOf(row));
  }
  return { api, days: [...new Set(sources.map(({ event }) => event.at.slice(0, 10)))].sort() };
}

/** Links the days, the ones of a long list in several links, and signs after each. */
export async function linked(
  table: Table,
  days: readonly string[],
  tenantId = ACME,
): Promise<AuditHead[]> {
  const heads: AuditHead[] = [];
  const ctx = { ...asSystem(table, tenantId), now: LINKED_AT };
  for (const day of days) {
    await linkDay(ctx, day);
    const head = await signHead(ctx, tenantId, sign);
    if (head) heads.push(head);
  }
  return heads;
}
