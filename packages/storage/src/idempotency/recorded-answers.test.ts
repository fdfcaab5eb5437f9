import { EffectRepeated, type RecordedAnswer } from "@concord/core/idempotency";
import { ACME, GLOBEX, type TestStore, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { commit, type TenantTable } from "../aggregate.ts";
import { tenantKeys } from "../keys/index.ts";
import { effectMarker } from "./effect-marker.ts";

const NOON = 1_800_014_400;
const DAY = 86_400;
const answer = (changes: Partial<RecordedAnswer> = {}): RecordedAnswer => ({
  ...{ keyHash: "hash", requestDigest: "digest", status: 201, body: '{"name":"Olga"}' },
  ...{ recordedAt: NOON, expiresAt: NOON + DAY },
  ...changes,
});

describe("recorded answers", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await testStore();
  });
  const of = (tenantId: typeof ACME) => test.openTenant(tenantId).idempotency;
  const requestOf = (recorded: RecordedAnswer, tenantId = ACME): TenantTable => ({
    table: test.table,
    keys: tenantKeys(tenantId),
    marker: effectMarker(() => recorded),
  });

  it("are there for their tenant until they expire, and the table forgets them then", async () => {
    await commit(requestOf(answer()), {}, []);
    expect(await of(ACME).find("hash")).toEqual(answer());
    expect(await of(GLOBEX).find("hash")).toBeUndefined();
    const [row] = (await test.dump()).filter(({ entity }) => entity === "RecordedAnswer");
    expect(row).toMatchObject({ expiresAt: NOON + DAY, entity: "RecordedAnswer" });
    expect(String(row?.["pk"])).toContain(`T#${ACME}#`);
  });

  it("of a key that has its effect are not replaced, by whoever comes until a day has passed", async () => {
    for (const at of [NOON + 1, NOON + DAY - 1]) {
      const later = requestOf(answer({ recordedAt: at, status: 204 }));
      await expect(commit(later, {}, [])).rejects.toBeInstanceOf(EffectRepeated);
    }
    expect((await of(ACME).find("hash"))?.status).toBe(201);
    const next = answer({ recordedAt: NOON + DAY, expiresAt: NOON + 2 * DAY, status: 204 });
    expect(await commit(requestOf(next), {}, [])).toEqual([]);
    expect(await of(ACME).find("hash")).toEqual(next);
  });

  it("are written with the first effect of a request alone, and with the next where that was overtaken", () => {
    const marker = effectMarker(() => answer());
    const keys = tenantKeys(ACME);
    expect(marker.take(keys, {})).toMatchObject({ put: { keyHash: "hash" } });
    expect(marker.take(keys, {})).toBeUndefined();
    marker.giveBack();
    expect(marker.take(keys, {})).toMatchObject({ put: { keyHash: "hash" } });
  });

  it("are rewritten where a change is asked for, of one tenant, and are otherwise as they were", async () => {
    const named = Array.from({ length: 40 }, (_, n) =>
      answer({ keyHash: `key ${n}`, body: n % 2 === 0 ? '{"name":"Olga"}' : '{"name":"Ines"}' }),
    );
    for (const tenantId of [ACME, GLOBEX]) {
      for (const one of named) await commit(requestOf(one, tenantId), {}, []);
    }
    await of(ACME).rewrite((body) =>
      body.includes("Olga") ? body.replace("Olga", "erased") : undefined,
    );
    for (const one of named) {
      const body = one.body.replace("Olga", "erased");
      expect(await of(ACME).find(one.keyHash)).toEqual({ ...one, body });
      expect(await of(GLOBEX).find(one.keyHash)).toEqual(one);
    }
  });
});
