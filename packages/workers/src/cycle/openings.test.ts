import { type AuditVerification, headVerifier, verifyTrail } from "@concord/core/audit";
import { cycleIdOf } from "@concord/core/cycle";
import type { PartnerId, ProgramId } from "@concord/core/id";
import { updatePartner } from "@concord/core/partner";
import { closeReviewWindow, openReview } from "@concord/core/review";
import type { Item, Table } from "@concord/storage";
import { beforeEach, describe, expect, it } from "vitest";
import { ACME, type CycleWorld, cycleWorld, DECEMBER, GLOBEX } from "./cycle.fixture.ts";
import { faultyTable } from "./faulty-table.fixture.ts";
import { runCycleMessage } from "./run-cycle-message.ts";

const OPENS = new Date("2027-01-01T12:00:00Z");
const LATER = new Date("2027-01-01T12:20:00Z");
const always = {
  expression: "attribute_exists(#pk) OR attribute_not_exists(#pk)",
  names: { "#pk": "pk" },
};

describe("the record of a kick-off", () => {
  let world: CycleWorld;
  let acme: { programId: ProgramId; partnerIds: PartnerId[] };
  beforeEach(async () => {
    world = await cycleWorld();
    acme = await world.addTenant(ACME, 5);
    await world.addTenant(GLOBEX, 2);
    await world.tick(OPENS);
    for (const advance of world.queue.splice(0)) {
      await runCycleMessage(world.workDependencies(OPENS), advance);
    }
  });

  const cycleId = () => cycleIdOf(acme.programId, "2027-Q1");
  /** Before anything has to be linked. */
  const verify = (tenantId = ACME): Promise<AuditVerification> =>
    verifyTrail(
      { ...world.contextOf(tenantId, DECEMBER), actor: { kind: "system", name: "stream" } },
      { tenantId, verifyHead: headVerifier([]) },
    );
  const chunkOf = async () => {
    const chunk = await world.test.openTenant(ACME).cycles.chunk(cycleId(), 0);
    if (!chunk) throw new Error("the list is fixed");
    return chunk;
  };
  const rowOf = async (entity: string, at = 0): Promise<Item> => {
    const rows = (await world.test.dump()).filter(
      (row) => row["entity"] === entity && String(row["pk"]).startsWith(`T#${ACME}#`),
    );
    const row = rows.sort((a, b) => (String(a["pk"]) < String(b["pk"]) ? -1 : 1))[at];
    if (!row) throw new Error(`there is a ${entity}`);
    return row;
  };
  const put = (item: Item) => world.test.table.put(item, always);
  const findings = async () => (await verify()).findings.map(({ kind, place }) => [kind, place]);

  it("P-06 finds a review that was altered, removed or added before its first event", async () => {
    await world.drain(OPENS);
    expect(await verify()).toMatchObject({ outcome: "intact", findings: [] });
    expect(await verify(GLOBEX)).toMatchObject({ outcome: "intact", findings: [] });
    const review = await rowOf("Review");
    const place = `Review ${cycleId()}.${String(review["partnerId"])}`;

    await put({ ...review, closesAt: "2027-06-01T00:00:00.000Z" });
    expect(await findings()).toEqual([["state-altered", place]]);
    await world.test.table.remove({ pk: String(review["pk"]), sk: String(review["sk"]) }, always);
    expect(await findings()).toEqual([["state-missing", place]]);
    await put(review);
    expect(await findings()).toEqual([]);

    const partnerId = String(review["partnerId"]).replace(/.$/, "0");
    const other = (text: unknown) => String(text).replace(String(review["partnerId"]), partnerId);
    await put({ ...review, partnerId, pk: other(review["pk"]), gsi2sk: other(review["gsi2sk"]) });
    expect(await findings()).toEqual([["state-altered", `Review ${cycleId()}.${partnerId}`]]);
    expect((await verify(GLOBEX)).outcome).toBe("intact");
  });

  it("P-06 finds what was altered before the first event also after it", async () => {
    await world.drain(OPENS);
    const review = await rowOf("Review");
    await put({ ...review, partnerName: "Somebody else" });
    const partnerId = acme.partnerIds.find((one) => one === review["partnerId"]) as PartnerId;
    await closeReviewWindow(world.contextOf(ACME, LATER), { cycleId: cycleId(), partnerId });
    expect(await findings()).toEqual([["state-altered", `Review ${cycleId()}.${partnerId}`]]);
  });

  it("P-06 finds a record that was altered with the review it tells of", async () => {
    await world.drain(OPENS);
    const chunk = await rowOf("CycleChunk");
    const done = chunk["done"] as { "kick-off": { openings: (string | null)[] } };
    const openings = done["kick-off"].openings.map((digest, at) => (at === 0 ? null : digest));
    const forged = { ...done, "kick-off": { ...done["kick-off"], openings } };
    const [first] = (await chunkOf()).partnerIds;
    await put({ ...chunk, done: forged });
    expect(await findings()).toEqual([
      ["state-altered", `Cycle ${cycleId()}`],
      ["state-altered", `Review ${cycleId()}.${first}`],
    ]);
    await world.test.table.remove({ pk: String(chunk["pk"]), sk: String(chunk["sk"]) }, always);
    expect(await findings()).toContainEqual(["state-altered", `Cycle ${cycleId()}`]);
  });

  it("tells of every review where it was cut off, one was changed and a partner renamed meanwhile", async () => {
    const [message] = world.queue.splice(0).filter(({ tenantId }) => tenantId === ACME);
    if (!message) throw new Error("a chunk was handed out");
    let made = 0;
    const dying: Table = faultyTable(
      world.test.table,
      () => (made >= 3 ? "killed-before" : undefined),
      (item) => {
        made += item["entity"] === "Review" ? 1 : 0;
      },
    );
    await expect(runCycleMessage(world.workDependencies(OPENS, dying), message)).rejects.toThrow();
    const first = await rowOf("Review");
    const second = await rowOf("Review", 1);
    const idOf = (row: Item) =>
      acme.partnerIds.find((one) => one === row["partnerId"]) as PartnerId;
    await closeReviewWindow(world.contextOf(ACME, LATER), {
      cycleId: cycleId(),
      partnerId: idOf(first),
    });
    await updatePartner(world.test.asMember(ACME, "admin"), {
      partnerId: idOf(second),
      ifVersion: 1,
      changes: { name: "Renamed" },
    });

    await runCycleMessage(world.workDependencies(LATER), message);
    const { openings = [] } = (await chunkOf()).done["kick-off"] ?? {};
    expect(openings.filter((one) => typeof one === "string")).toHaveLength(5);
    expect(await verify()).toMatchObject({ outcome: "intact", findings: [] });
    await put({ ...(await rowOf("Review", 1)), partnerName: "Renamed" });
    expect(await findings()).toEqual([
      ["state-altered", `Review ${cycleId()}.${String(second["partnerId"])}`],
    ]);
  });

  it("verifies where chunks, or the whole kick-off, were done before there was one", async () => {
    const { cycles } = world.test.openTenant(ACME);
    const chunk = await chunkOf();
    const done = { doneAt: OPENS.toISOString(), changed: 5, repaired: 0 };
    const [message] = world.queue.filter(({ tenantId }) => tenantId === ACME);
    if (!message) throw new Error("a chunk was handed out");
    await cycles.saveChunk({ ...chunk, done: { "kick-off": done }, version: 2 });
    const cycle = await cycles.get(cycleId());
    const partners = await world.test.openTenant(ACME).partners.getMany(chunk.partnerIds);
    if (!cycle) throw new Error("the cycle is open");
    for (const partner of partners) {
      await world.test.openTenant(ACME).reviews.open(openReview(cycle, partner, OPENS));
    }
    await runCycleMessage(world.workDependencies(LATER), message);
    expect(await cycles.get(cycleId())).toMatchObject({ kickedOffAt: LATER.toISOString() });
    expect(await verify()).toMatchObject({ outcome: "intact", findings: [] });

    const events = (await world.test.dump()).filter(({ type }) => type === "cycle.kicked-off");
    for (const event of events) await put({ ...event, data: { partnerCount: 5 } });
    expect(await verify()).toMatchObject({ outcome: "intact", findings: [] });
  });
});
