import { advanceCycle, cycleIdOf, openCycle } from "@concord/core/cycle";
import type { PartnerId, ProgramId } from "@concord/core/id";
import { createPartner, updatePartner } from "@concord/core/partner";
import type { TenantStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { ACME, type CycleWorld, cycleWorld } from "./cycle.fixture.ts";

const PARTNERS = 210;
const QUARTERS = ["2027-01-01", "2027-04-01", "2027-07-01"] as const;

describe("the list of partners of a cycle", () => {
  let world: CycleWorld;
  let programId: ProgramId;
  let partnerIds: PartnerId[];
  beforeAll(async () => {
    world = await cycleWorld();
    ({ programId, partnerIds } = await world.addTenant(ACME, PARTNERS));
  });

  /** Opens the cycle that starts on that day and fixes its list, through stores that may be interfered with. */
  async function fix(
    notBefore: (typeof QUARTERS)[number],
    ...through: ((store: TenantStore) => TenantStore)[]
  ): Promise<PartnerId[][]> {
    const ctx = world.contextOf(ACME, new Date(`${notBefore}T12:00:00Z`));
    const opening = await openCycle(ctx, { programId, notBefore, cadence: "quarterly" });
    if (opening.outcome !== "open") throw new Error("the cycle opens");
    const { cycleId, period } = opening.cycle;
    expect(cycleId).toBe(cycleIdOf(programId, period));
    const queue = { send: () => Promise.resolve() };
    await Promise.all(
      through.map((wrap) =>
        advanceCycle({ ...ctx, store: wrap(ctx.store) }, queue, { tenantId: ACME, cycleId }),
      ),
    );
    const lists: PartnerId[][] = [];
    for await (const chunk of ctx.store.cycles.chunks(cycleId)) lists.push(chunk.partnerIds);
    const cycle = await ctx.store.cycles.get(cycleId);
    expect([cycle?.partnerCount, cycle?.chunkCount]).toEqual([lists.flat().length, lists.length]);
    return lists;
  }
  const own = (store: TenantStore) => store;

  it("holds everybody once, in parts of at most a hundred, however many fix it at the same time", async () => {
    const lists = await fix("2027-01-01", own, own, own);
    expect(lists.map((list) => list.length)).toEqual([100, 100, 10]);
    expect(lists.flat().sort()).toEqual([...partnerIds].sort());
  });

  it("misses nobody who is renamed to the front while it is being read", async () => {
    const admin = world.test.asMember(ACME, "admin");
    const [last] = partnerIds.slice(-1);
    if (!last) throw new Error("there are partners");
    let pages = 0;
    const renaming = (store: TenantStore): TenantStore => ({
      ...store,
      partners: {
        ...store.partners,
        list: async (request) => {
          const page = await store.partners.list(request);
          pages += 1;
          if (pages === 1) {
            const changes = { name: "Aardvark" };
            await updatePartner(admin, { partnerId: last, ifVersion: 1, changes });
          }
          return page;
        },
      },
    });
    const lists = await fix("2027-04-01", renaming);
    expect(lists.flat().sort()).toEqual([...partnerIds].sort());
  });

  it("goes on where it was cut off, with a partner who came in between and nobody twice", async () => {
    const admin = world.test.asMember(ACME, "admin");
    let appended = 0;
    const dying = (store: TenantStore): TenantStore => ({
      ...store,
      cycles: {
        ...store.cycles,
        addChunk: (cycle, chunk) => {
          appended += 1;
          if (appended === 2) throw new Error("killed");
          return store.cycles.addChunk(cycle, chunk);
        },
      },
    });
    await expect(fix("2027-07-01", dying)).rejects.toThrow("killed");
    const { partnerId } = await createPartner(admin, {
      name: "Aaron",
      type: "reseller",
      lifecycleStage: "growing",
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
    const lists = await fix("2027-07-01", own, own);
    expect(lists.flat().sort()).toEqual([...partnerIds, partnerId].sort());
  });
});
