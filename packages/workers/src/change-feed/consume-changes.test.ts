import { TenantId } from "@concord/core/id";
import { discreet } from "@concord/local/testing";
import { tenantIdOf } from "@concord/storage";
import { describe, expect, it } from "vitest";
import { added } from "./changes.fixture.ts";
import { consumeAdded } from "./consume-changes.ts";

const TENANT = TenantId.parse("ten_0000000000000000000000ACME");
const row = (name: string, changes: object = {}) => ({
  pk: `T#${TENANT}#X`,
  sk: name,
  entity: "Event",
  ...changes,
});

async function consumed(batch: unknown, fails?: string) {
  const handled: unknown[] = [];
  const lines: unknown[] = [];
  const answer = await consumeAdded(
    { tenantOf: tenantIdOf, log: discreet((line) => lines.push(line)) },
    batch,
    async ({ tenantId, row: { sk } }) => {
      if (sk === fails) throw new Error("refused for ana@partner.example");
      handled.push([tenantId, sk]);
    },
    ["Event"],
  );
  return { answer, handled, lines };
}

describe("added rows of the change feed", () => {
  it("are handled in their order, with their tenant", async () => {
    const { answer, handled } = await consumed(added(row("a"), row("b")));
    expect(handled).toEqual([
      [TENANT, "a"],
      [TENANT, "b"],
    ]);
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  it("are reported where they fail, and keep no other waiting", async () => {
    const { answer, handled, lines } = await consumed(added(row("a"), row("b"), row("c")), "b");
    expect(handled).toEqual([
      [TENANT, "a"],
      [TENANT, "c"],
    ]);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
    expect(JSON.stringify(lines)).not.toContain("@");
  });

  it("leave out other kinds, changed and removed rows, and rows of no tenant", async () => {
    const batch = added(
      row("a", { entity: "Partner" }),
      { pk: "SYSTEM#X", sk: "b", entity: "Event" },
      { pk: `T#${TENANT}#X`, sk: "c" },
      row("d"),
    );
    const { Records } = added(row("e"));
    const [record] = Records;
    const others = ["MODIFY", "REMOVE"].map((eventName) => ({ ...record, eventName }));
    const { handled, answer } = await consumed({ Records: [...batch.Records, ...others] });
    expect(handled).toEqual([[TENANT, "d"]]);
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  it("report a row whose tenant does not parse", async () => {
    const { answer } = await consumed(added(row("a", { pk: "T#nobody#X" })));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "1" }] });
  });
});
