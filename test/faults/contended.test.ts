import { connectClient } from "@concord/local/testing";
import { connectTable, openRequestStores, type Table } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { lastOf } from "./hot-items-book.ts";
import { type HotTenant, type HotWorld, hotWorld, MONTHS } from "./hot-items-world.fixture.ts";

/** Attempts at a change; the last one that is overtaken is answered. */
const ATTEMPTS = 8;

let world: HotWorld;
let acme: HotTenant;
beforeAll(async () => {
  world = await hotWorld(1);
  const [first] = world.tenants;
  if (!first) throw new Error("no tenant");
  acme = first;
}, 120_000);

/** Somebody else is faster in a partner's month so many times; pauses are noted, in milliseconds, and pass at once. */
function contended(overtaken: number) {
  const waited: number[] = [];
  const client = connectClient(world.endpoint);
  const own = connectTable(client, {
    name: world.api.store.table.name,
    sleep: async (milliseconds) => void waited.push(milliseconds),
    random: () => 0.5,
  });
  let left = overtaken;
  const altered = (table: Table): Table => ({
    ...table,
    async transact(writes) {
      const month = writes.findIndex((one) => "put" in one && one.put["entity"] === "RollupMonth");
      if (month < 0 || left === 0) return table.transact(writes);
      left -= 1;
      return [month];
    },
    metered: (meter) => altered(table.metered(meter)),
  });
  const request = world.api.through((opened) => openRequestStores(altered(own), opened));
  return { request, waited };
}

let amount = 5_000;
let figures = 0;

/** Changes that meet others in a month of a partner. */
const changes = {
  correctOpportunity() {
    const [opportunityId = ""] = acme.opportunityIds;
    const states = acme.book.deals.get(opportunityId);
    const deal = lastOf(states);
    amount += 1;
    return {
      path: `/v1/partners/${deal?.partnerId}/opportunities/${opportunityId}/correct`,
      options: {
        method: "POST",
        body: { reason: "As the invoice says", fields: { amount: String(amount) } },
        headers: { "If-Match": `"${Math.max(...(states?.keys() ?? []))}"` },
      },
      done: (version: number) =>
        states?.set(version, {
          key: "",
          value: deal ?? { partnerId: "", amountMinor: 0, closedOn: "" },
        }),
    };
  },
  putFigure() {
    const [partnerId] = acme.partnerIds;
    const [month] = MONTHS;
    return {
      path: `/v1/partners/${partnerId}/figures/recurring_revenue/${month}`,
      options: {
        method: "PUT",
        body: { value: amount, of: null },
        headers: { "If-Match": `"${figures}"` },
      },
      done(version: number) {
        figures = version;
        amount += 1;
      },
    };
  },
};

describe("a change that others overtake again and again", () => {
  it.each(
    Object.keys(changes).flatMap((name) =>
      [0, 1, ATTEMPTS - 1].map((overtaken) => ({ name: name as keyof typeof changes, overtaken })),
    ),
  )(
    "$name succeeds where it is overtaken $overtaken times, with longer pauses each time",
    async ({ name, overtaken }) => {
      const { request, waited } = contended(overtaken);
      const { path, options, done } = changes[name]();
      const response = await request(path, { token: acme.tokens[0] ?? "", ...options });
      expect(response.status, await response.text()).toBe(200);
      done(Number(response.headers.get("ETag")?.replaceAll('"', "")));
      // Half of 20, 40, 80 … ms, which the draw of a half makes of full jitter.
      expect(waited).toEqual([10, 20, 40, 80, 160, 320, 500].slice(0, overtaken));
    },
  );

  it.each(["correctOpportunity", "putFigure"] as const)(
    "%s is told so where every attempt is overtaken: nothing is written, and it may be sent again",
    async (name) => {
      const { request } = contended(ATTEMPTS);
      const { path, options, done } = changes[name]();
      const asked = { token: acme.tokens[0] ?? "", ...options };
      const before = await world.api.store.dump();
      const refused = await request(path, asked);
      expect([refused.status, await refused.json()]).toEqual([
        409,
        expect.objectContaining({ code: "changes-contended" }),
      ]);
      expect(refused.headers.get("Retry-After")).toBe("1");
      const isCounted = ({ entity }: { entity?: unknown }) => entity !== "RateBucket";
      expect((await world.api.store.dump()).filter(isCounted)).toEqual(before.filter(isCounted));
      const again = await request(path, asked);
      expect(again.status).toBe(200);
      done(Number(again.headers.get("ETag")?.replaceAll('"', "")));
    },
  );
});
