import type { DomainEvent } from "@concord/core/event";
import { EffectRepeated, type RecordedAnswer } from "@concord/core/idempotency";
import { ACME, GLOBEX, testTable } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Aggregate, load, save, type TenantTable } from "./aggregate.ts";
import { exists, isNew } from "./dynamo-table/condition.ts";
import type { Table } from "./dynamo-table/contract.ts";
import { dynamoTable } from "./dynamo-table/dynamo-table.ts";
import { effectMarker } from "./idempotency/effect-marker.ts";
import { tenantKeys } from "./keys/index.ts";
import { openTenantStore } from "./tenant-store.ts";

const Note = z.object({ id: z.string(), text: z.string(), version: z.number().int() });
type Note = z.infer<typeof Note>;

const event: DomainEvent = {
  type: "note.changed",
  at: "2027-01-15T12:00:00.000Z",
  by: { kind: "system", name: "bootstrap" },
  data: { text: "changed" },
};
const NOON_SECONDS = 1_800_014_400;
const answer = (at: number): RecordedAnswer => ({
  keyHash: "hash",
  requestDigest: "digest",
  status: 201,
  body: "{}",
  recordedAt: at,
  expiresAt: at + 86_400,
});

describe("saving an aggregate", () => {
  let table: Table;
  beforeAll(async () => {
    const { documentClient, tableName } = await testTable();
    table = dynamoTable({
      name: tableName,
      client: documentClient,
      sleep: () => Promise.resolve(),
      random: () => 0,
    });
  });

  const opened = (tenantId = ACME, recordedAt?: number) => {
    const keys = tenantKeys(tenantId);
    const tenant: TenantTable = {
      table,
      keys,
      ...(recordedAt === undefined ? {} : { marker: effectMarker(() => answer(recordedAt)) }),
    };
    const notes: Aggregate<Note> = {
      name: "Note",
      schema: Note,
      schemaVersion: 1,
      id: ({ id }) => id,
      key: ({ id }) => ({ pk: `${keys.prefix}NOTE#${id}`, sk: "NOTE" }),
    };
    const note = (id: string, version: number): Note => ({ id, text: `v${version}`, version });
    return {
      keyOf: (id: string) => notes.key(note(id, 1)),
      get: (id: string) => load(tenant, notes, notes.key(note(id, 1))),
      save: (id: string, version: number, options?: Parameters<typeof save>[4]) =>
        save(tenant, notes, note(id, version), event, options),
      events: async (id: string) =>
        (await table.query({ pk: notes.key(note(id, 1)).pk, sort: { prefix: "EVENT#" } })).items,
    };
  };

  it("writes the state and the event of its version together", async () => {
    const notes = opened();
    await notes.save("together", 1);
    await notes.save("together", 2);
    expect(await notes.get("together")).toEqual({ id: "together", text: "v2", version: 2 });
    const events = await notes.events("together");
    expect(events.map(({ aggregate, type }) => ({ aggregate, type }))).toEqual(
      [1, 2].map((version) => ({
        aggregate: { type: "Note", id: "together", version },
        type: "note.changed",
      })),
    );
  });

  it("keeps one winner among those who decided on the same version, and one event", async () => {
    const notes = opened();
    await notes.save("race", 1);
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => notes.save("race", 2)));
    const lost = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(lost.map(({ code }: { code: string }) => code)).toEqual(Array(3).fill("version-stale"));
    expect(await notes.events("race")).toHaveLength(2);
  });

  it("tells a natural key that is taken by the code it was given", async () => {
    const notes = opened();
    await notes.save("natural", 1);
    await expect(notes.save("natural", 1, { taken: "cycle-exists" })).rejects.toMatchObject({
      code: "cycle-exists",
    });
    await expect(notes.save("natural", 1)).rejects.toMatchObject({ code: "version-stale" });
  });

  it("tells a further write that is refused by its own code and writes nothing", async () => {
    const notes = opened();
    const also = [
      {
        write: { check: notes.keyOf("somebody"), condition: exists },
        otherwise: "partner-not-found" as const,
      },
    ];
    await expect(notes.save("also", 1, { also })).rejects.toMatchObject({
      code: "partner-not-found",
    });
    expect(await notes.get("also")).toBeUndefined();
    expect(await notes.events("also")).toEqual([]);
  });

  it("keeps two tenants apart under the same id", async () => {
    await opened(ACME).save("shared", 1);
    expect(await opened(GLOBEX).get("shared")).toBeUndefined();
    await opened(GLOBEX).save("shared", 1);
  });

  describe("with an Idempotency-Key", () => {
    it("records the answer with the first effect of the request alone", async () => {
      const notes = opened(ACME, NOON_SECONDS);
      await notes.save("first effect", 1);
      await notes.save("second effect", 1);
      const recorded = await openTenantStore(table, ACME).idempotency.find("hash");
      expect(recorded).toEqual(answer(NOON_SECONDS));
    });

    it("refuses a repeat, also where the repeat would lose its version too, and writes nothing", async () => {
      await expect(opened(ACME, NOON_SECONDS).save("another", 1)).rejects.toThrow(EffectRepeated);
      await expect(opened(ACME, NOON_SECONDS).save("first effect", 1)).rejects.toThrow(
        EffectRepeated,
      );
      expect(await opened().get("another")).toBeUndefined();
    });

    it("takes the same key again once the answer has expired, though its row is still there", async () => {
      const aSecondBefore = NOON_SECONDS + 86_399;
      await expect(opened(ACME, aSecondBefore).save("a day later", 1)).rejects.toThrow(
        EffectRepeated,
      );
      await opened(ACME, aSecondBefore + 1).save("a day later", 1);
      const recorded = await openTenantStore(table, ACME).idempotency.find("hash");
      expect(recorded?.recordedAt).toBe(aSecondBefore + 1);
    });

    it("records it with the attempt that is written where one before was overtaken", async () => {
      const later = NOON_SECONDS + 3 * 86_400;
      await opened().save("overtaken", 1);
      const notes = opened(ACME, later);
      await expect(notes.save("overtaken", 1)).rejects.toMatchObject({ code: "version-stale" });
      await notes.save("overtaken", 2);
      const recorded = await openTenantStore(table, ACME).idempotency.find("hash");
      expect(recorded?.recordedAt).toBe(later);
      await expect(opened(ACME, later).save("overtaken", 3)).rejects.toThrow(EffectRepeated);
    });

    it("gives each tenant keys of its own", async () => {
      await opened(GLOBEX, NOON_SECONDS).save("first effect", 1);
    });
  });

  it("cannot be talked into a second event of the same version", async () => {
    const notes = opened();
    await notes.save("trail", 1);
    const [first] = await notes.events("trail");
    expect(await table.put({ ...first }, isNew)).toBe(false);
  });
});
