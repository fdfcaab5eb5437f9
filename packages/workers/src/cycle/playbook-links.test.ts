import { cycleIdOf, getCycle } from "@concord/core/cycle";
import { publishPlaybook, writePlaybook } from "@concord/core/playbook";
import { getSession, planSession, readReview } from "@concord/core/review";
import { ACME, GLOBEX } from "@concord/local/testing";
import { describe, expect, it } from "vitest";
import { cycleWorld } from "./cycle.fixture.ts";

const OPENED = new Date("2027-01-01T12:30:00.000Z");

describe("S-99 the pages of a cycle's steps", () => {
  it("are those of the version that was the newest when it opened, whatever is published later", async () => {
    const world = await cycleWorld();
    const { programId, partnerIds } = await world.addTenant(ACME, 2);
    const foreign = await world.addTenant(GLOBEX, 1);
    const writer = world.test.asMember(ACME, "admin");
    const publish = async (title: string, version: number) => {
      const page = { slug: "prepare", chapter: "Sessions", title, text: title };
      const draft = { pages: [page], steps: { session: ["prepare"] } };
      await writePlaybook(writer, { ifVersion: version, draft });
      await publishPlaybook(writer, { ifVersion: version + 1, note: title });
    };
    await publish("Bring figures", 0);
    await world.settle(OPENED);
    await publish("Bring wins", 2);

    const links = {
      version: 1,
      steps: [{ step: "session", pages: [{ slug: "prepare", title: "Bring figures" }] }],
    };
    const cycleId = cycleIdOf(programId, "2027-Q1");
    const [partnerId] = partnerIds;
    if (!partnerId) throw new Error("there are two partners");
    const partner = world.test.asPartner(ACME, partnerId, "partner-user");
    expect((await getCycle(partner, cycleId)).playbook).toEqual(links);
    expect(await readReview(partner, { cycleId, partnerId })).toMatchObject({
      ...{ playbookVersion: 1, playbook: links },
    });
    await planSession(writer, { cycleId, partnerId }, "2027-02-01");
    expect((await getSession(partner, { cycleId, partnerId })).playbook).toEqual(links);
    const chunk = await world.contextOf(ACME, OPENED).store.cycles.chunk(cycleId, 0);
    const digests = await world
      .contextOf(ACME, OPENED)
      .store.reviews.openingDigests(partnerIds.map((id) => ({ cycleId, partnerId: id })));
    expect(digests).toEqual(chunk?.done["kick-off"]?.openings);

    const theirs = cycleIdOf(foreign.programId, "2027-Q1");
    const viewer = world.test.asMember(GLOBEX, "viewer");
    expect((await getCycle(viewer, theirs)).playbook).toBeUndefined();
    const own = { cycleId: theirs, partnerId: foreign.partnerIds[0] as typeof partnerId };
    const cost = await world.test.costOf((ctx) => readReview(ctx(viewer.actor, GLOBEX), own));
    expect(cost.requests).toBe(1);
  });
});
