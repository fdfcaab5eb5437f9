import { ACME, testStore } from "@concord/local/testing";
import { expect, it } from "vitest";
import { csvOf, importFile, sourceWith } from "./import.fixture.ts";

const dayOf = (month: number, day: number): string =>
  `2026-${String(month + 1).padStart(2, "0")}-${String(day + 1).padStart(2, "0")}`;

async function unitsOf(rows: readonly string[]): Promise<number> {
  const test = await testStore();
  const source = await sourceWith(test);
  const { readUnits, writeUnits } = await test.costOf(async (ctx) => {
    const system = ctx({ kind: "system", name: "queue" }, ACME);
    const job = await importFile(test.asMember(ACME, "admin"), system, source, csvOf(...rows));
    expect(job.progress.rowsChanged).toBe(rows.length);
  });
  return readUnits + writeUnits;
}

it("costs the same for a partner's rows of a year in any order: a month is not written with every chunk", async () => {
  const rows = Array.from({ length: 360 }, (_, n) => {
    const month = Math.floor(n / 30);
    return `D${n},North,Desk,Company ${n},Won,${dayOf(month, n % 10)},${dayOf(month, 12)},100`;
  });
  const mixed = rows.map((_, n) => rows[(n * 77) % rows.length] ?? "");
  expect(await unitsOf(mixed)).toBeLessThanOrEqual((await unitsOf(rows)) * 1.02);
});
