import { readFileSync } from "node:fs";
import { partnerNameKey } from "@concord/core/partner";
import type { ContentsRepository } from "@concord/core/tenant-contents";
import { eraseTenant } from "@concord/core/tenant-erasure";
import { GLOBEX, type TestStore, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { AT, NOW, TENANT } from "../access-patterns/access-patterns.ts";
import { exercises, storesOn, tableUnder } from "../access-patterns/all.ts";
import { recordedAnswer } from "../access-patterns/people-values.ts";
import { partner } from "../access-patterns/scoring-values.ts";
import { always } from "../dynamo-table/condition.ts";
import type { Table } from "../dynamo-table/contract.ts";
import { toItem } from "../entity.ts";
import { recordedAnswerEntity } from "../idempotency/effect-marker.ts";
import { tenantKeys } from "../keys/index.ts";
import { openSystemStore } from "../system-store.ts";
import { openTenantStore } from "../tenant-store.ts";

/** Removing is what they measure; here everything is to be there. */
const removes = /\b(remove|drop|end|forget|take .* away)\b/;

const copy = async (from: TestStore, to: Table) => {
  for (const row of await from.dump()) await to.put(row, always);
};

const claim = tenantKeys(TENANT).partnerName(partnerNameKey(partner().name));

/** Every kind of row that the access patterns know, in one tenant. */
async function filledTable() {
  const test = await testStore();
  const document = readFileSync(new URL("../../ACCESS_PATTERNS.md", import.meta.url), "utf8");
  const questions = new Map(tableUnder(document, "Patterns").map(([id, text]) => [id, text]));
  const fill = async ({ pattern, prepare }: (typeof exercises)[number], table: Table) => {
    const act = await prepare(storesOn(table));
    if (!removes.test(questions.get(pattern) ?? "")) await act(storesOn(table));
  };
  for (const exercise of exercises) {
    try {
      await fill(exercise, test.table);
    } catch {
      // Another exercise made the same row in another state: this one's rows are put over it.
      const own = await testStore();
      await fill(exercise, own.table);
      await copy(own, test.table);
    }
  }
  // Names that partner 1 bore in some other exercise, which a rename would have freed.
  for (const { entity, pk, sk } of await test.dump()) {
    const isStale = entity === "PartnerName" && pk !== claim.pk;
    if (isStale) await test.table.remove({ pk: String(pk), sk: String(sk) }, always);
  }
  const answer = toItem(recordedAnswerEntity(tenantKeys(TENANT)), recordedAnswer());
  await test.table.put(answer, always);
  const entities = tableUnder(document, "Rows")
    .filter(([, pk = ""]) => !pk.includes("SYSTEM#"))
    .map(([entity = ""]) => entity);
  return { ...test, entities };
}

async function erase(table: Table, contents?: ContentsRepository) {
  const store = openTenantStore(table, TENANT);
  const { erasures } = openSystemStore(table);
  await erasures.save({
    tenantId: TENANT,
    erasedAt: AT,
    parts: null,
    nextPart: 0,
    rowsRemoved: 0,
    peopleRemoved: 0,
    finishedAt: null,
  });
  let slices = 0;
  for (;;) {
    slices += 1;
    const erasure = await eraseTenant(
      {
        actor: { kind: "system", name: "schedule" },
        store: { ...store, contents: contents ?? store.contents },
        now: NOW,
        mint: () => {
          throw new Error("an erasure makes nothing");
        },
      },
      // Every slice ends after one part, as a process does that is about to be ended.
      { erasures, shouldPause: () => true },
      TENANT,
    );
    if (erasure?.finishedAt) return { erasure, slices };
  }
}

const left = async ({ dump }: TestStore) =>
  (await dump()).filter((row) => JSON.stringify(row).includes(TENANT));

describe("the erasure of a tenant", () => {
  let filled: Awaited<ReturnType<typeof filledTable>>;
  beforeAll(async () => {
    filled = await filledTable();
  });

  it("P-01 leaves no row of any kind there is, but that it happened", async () => {
    const test = await testStore();
    await copy(filled, test.table);
    const kinds = new Set((await test.dump()).map(({ entity }) => String(entity)));
    expect(filled.entities.filter((entity) => !kinds.has(entity))).toEqual([]);

    const { erasure } = await erase(test.table);
    expect((await left(test)).map(({ pk, sk, entity }) => [entity, pk, sk])).toEqual([
      ["Erasure", `SYSTEM#ERASURE#${TENANT}`, "ERASURE"],
    ]);
    expect(erasure.rowsRemoved).toBeGreaterThan(filled.entities.length);
    expect(erasure.peopleRemoved).toBeGreaterThan(0);
    const rest = (await test.dump()).map(({ entity }) => entity);
    expect(rest).not.toContain("Person");
    expect(rest).not.toContain("LoginAddress");
  });

  it("P-01 keeps the timer that goes on with it until it is over, and no other of the tenant", async () => {
    const test = await testStore();
    const { timers, erasures } = openSystemStore(test.table);
    const dueAt = AT;
    for (const tenantId of [TENANT, GLOBEX]) {
      for (const kind of ["tenant-erasure", "retention"] as const) {
        await timers.set({ tenantId, kind, subject: "tenant", dueAt });
      }
    }
    await erasures.forgetTenant(TENANT);
    const rest = (await test.dump()).map(({ tenantId, kind }) => [tenantId, kind]);
    expect(rest.sort()).toEqual(
      [
        [GLOBEX, "retention"],
        [GLOBEX, "tenant-erasure"],
        [TENANT, "tenant-erasure"],
      ].sort(),
    );
  });

  it("is found out where it overlooks a place", async () => {
    const test = await testStore();
    await copy(filled, test.table);
    const { contents } = openTenantStore(test.table, TENANT);
    const blind: ContentsRepository = {
      ...contents,
      async *walk() {
        for await (const { places, ...rest } of contents.walk()) {
          yield { ...rest, places: places.filter((place) => !place.includes("#FACTS#")) };
        }
      },
    };
    await erase(test.table, blind);
    const kinds = new Set((await left(test)).map(({ entity }) => entity));
    expect(kinds).toContain("Opportunity");
  });
});
