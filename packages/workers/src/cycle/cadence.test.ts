import { changeCadence, endCadence } from "@concord/core/cadence";
import { type CycleId, PartnerId, type ProgramId } from "@concord/core/id";
import { createPartner, type LifecycleStage, updatePartner } from "@concord/core/partner";
import {
  ProgramDefinition,
  type ProgramSegment,
  publishProgram,
  resellerTemplate,
  updateProgramDraft,
} from "@concord/core/program";
import { beforeAll, describe, expect, it } from "vitest";
import { ACME, type CycleWorld, cycleWorld, DECEMBER, GLOBEX } from "./cycle.fixture.ts";
import { runCycleMessage } from "./run-cycle-message.ts";

const base = resellerTemplate("USD");
const template = base.metrics.map(({ metricId, weightPercent }) => ({ metricId, weightPercent }));
const segment = (
  segmentId: LifecycleStage,
  cadence: ProgramSegment["cadence"],
): ProgramSegment => ({
  ...{ segmentId, name: segmentId, partnerTypes: [], lifecycleStages: [segmentId] },
  ...{ depth: "standard", focus: [], cadence, template },
});
const draft = ProgramDefinition.parse({
  ...base,
  segments: [segment("strategic", "monthly"), segment("onboarding", "biannual")],
});
const at = (day: string) => new Date(`${day}T12:00:00Z`);
const monthFirst = (index: number) =>
  `${2027 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}-01`;

/** Does all work of openings; cards are left unfrozen, which matters to no list. */
async function openAll(world: CycleWorld, now: Date): Promise<void> {
  for (let message = world.queue.shift(); message; message = world.queue.shift()) {
    if (message.kind === "freeze-chunk" || message.kind === "close-chunk") continue;
    await runCycleMessage(world.workDependencies(now), message);
  }
}

type Months = Map<string, string[]>;
/** Of every partner the months that its cycles cover, cycle by cycle, as their lists say. */
async function covered(world: CycleWorld, tenantId = ACME): Promise<Months> {
  const { cycles } = world.test.openTenant(tenantId);
  const months: Months = new Map();
  const { items } = await cycles.list({ limit: 100 });
  for (const { cycleId, span } of items.toReversed()) {
    for await (const { partnerIds } of cycles.chunks(cycleId)) {
      for (const partnerId of partnerIds) {
        const own = months.get(partnerId) ?? [];
        months.set(partnerId, own);
        const last = span.to.slice(0, 7);
        for (let index = 0; ; index += 1) {
          const month = monthFirst(index).slice(0, 7);
          if (month > last) break;
          if (month >= span.from.slice(0, 7)) own.push(month);
        }
      }
    }
  }
  return months;
}

/** The months between the first and the last of a partner that no cycle covers, or more than one. */
function faultsOf(months: Months): string[] {
  return [...months].flatMap(([partnerId, own]) => {
    const sorted = own.toSorted();
    return sorted.flatMap((month, index) => {
      const [year = 0, number = 0] = (sorted[index - 1] ?? "").split("-").map(Number);
      const wanted =
        number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
      return index === 0 || month === wanted ? [] : [`${partnerId}: ${sorted[index - 1]} ${month}`];
    });
  });
}

const periodsOf = async (world: CycleWorld, partnerId: PartnerId, tenantId = ACME) => {
  const store = world.test.openTenant(tenantId);
  const { items } = await store.cycles.list({ limit: 100 });
  const ids: CycleId[] = items.map(({ cycleId }) => cycleId);
  const reviews = await store.reviews.ofPartner(partnerId, ids);
  const opened = new Map(items.map((cycle) => [cycle.period, cycle.opensAt]));
  return reviews
    .map(({ period }) => period)
    .sort((a, b) => ((opened.get(a) ?? "") < (opened.get(b) ?? "") ? -1 : 1));
};

describe("a year of cycles of several lengths", () => {
  let world: CycleWorld;
  let programId: ProgramId;
  let globex: { programId: ProgramId; partnerIds: PartnerId[] };
  const who: Record<string, PartnerId> = {};
  const idOf = (name: string) => PartnerId.parse(who[name]);
  const admin = (day: string) => ({ ...world.test.asMember(ACME, "admin"), now: at(day) });
  const move = async (name: string, lifecycleStage: LifecycleStage, day: string) => {
    const partner = await world.test.openTenant(ACME).partners.get(idOf(name));
    await updatePartner(admin(day), {
      partnerId: idOf(name),
      ifVersion: partner?.version ?? 0,
      changes: { lifecycleStage },
    });
  };
  const set = (
    name: string,
    ifVersion: number,
    cadence: "monthly" | "quarterly" | "biannual",
    day: string,
    endsOn: string | null,
  ) =>
    changeCadence(
      admin(day),
      { partnerId: idOf(name), programId, ifVersion },
      { cadence, reason: "The market moves", endsOn },
    );
  const answers: Record<string, unknown> = {};

  /** What people do in the course of the year, after the boundary of its month. */
  const events: Record<number, () => Promise<unknown>> = {
    1: async () => {
      answers["temporary"] = await set("temporary", 0, "monthly", "2027-02-10", "2027-08-15");
      answers["slower"] = await set("slower", 0, "biannual", "2027-02-10", null);
      await move("rising", "strategic", "2027-02-12");
    },
    4: async () => {
      await move("falling", "growing", "2027-05-20");
      const key = { partnerId: idOf("slower"), programId, ifVersion: 1 };
      answers["back"] = await endCadence(admin("2027-05-20"), key);
    },
    7: async () => {
      await move("steady", "onboarding", "2027-08-03");
      const draftOf = await world.test.openTenant(ACME).programs.get(programId);
      const ctx = admin("2027-08-05");
      const { version } = await updateProgramDraft(ctx, {
        programId,
        ifVersion: draftOf?.version ?? 0,
        changes: { cadence: "monthly" },
      });
      await publishProgram(ctx, { programId, ifVersion: version, effectiveFrom: "2027-Q4" });
    },
  };

  beforeAll(async () => {
    world = await cycleWorld();
    ({ programId } = await world.addTenant(ACME, 0, { draft }));
    globex = await world.addTenant(GLOBEX, 2);
    const stages: Record<string, LifecycleStage> = {
      quarterly: "growing",
      monthly: "strategic",
      biannual: "onboarding",
      temporary: "growing",
      slower: "growing",
      rising: "onboarding",
      falling: "strategic",
      steady: "growing",
    };
    for (const [name, lifecycleStage] of Object.entries(stages)) {
      const { partnerId } = await createPartner(
        { ...world.test.asMember(ACME, "admin"), now: DECEMBER },
        {
          ...{ name, type: "reseller", lifecycleStage, region: "Central" },
          ...{ partnerManagerId: null, executiveSponsorId: null, dataStewardId: null },
        },
      );
      who[name] = partnerId;
    }
    for (let month = 0; month < 13; month += 1) {
      const now = at(monthFirst(month));
      // Twice, as if one tick ran beside another.
      await Promise.all([world.tick(now), world.tick(now)]);
      await openAll(world, now);
      await events[month]?.();
    }
  }, 120_000);

  it("S-05 covers each month of each partner exactly once, whatever its cadence and whenever it changes", async () => {
    const months = await covered(world);
    expect(faultsOf(months)).toEqual([]);
    expect(months.size).toBe(8);
    for (const own of months.values()) {
      expect(own.toSorted()[0]).toBe("2027-01");
      expect(own.toSorted().at(-1)?.slice(0, 4)).toBe("2028");
    }
  });

  it("finds a month that is covered twice or not at all", () => {
    expect(faultsOf(new Map([["a", ["2027-01", "2027-02", "2027-02"]]]))).toHaveLength(1);
    expect(faultsOf(new Map([["a", ["2027-11", "2028-01"]]]))).toHaveLength(1);
    expect(faultsOf(new Map([["a", ["2027-12", "2028-01"]]]))).toEqual([]);
  });

  it.each([
    ["monthly", ["2027-M01", "2027-M02", "2027-M03"]],
    ["biannual", ["2027-H1", "2027-H2", "2028-H1"]],
    // The program gives months from the last quarter on.
    ["quarterly", ["2027-Q1", "2027-Q2", "2027-Q3", "2027-M10"]],
    [
      "temporary",
      [
        "2027-Q1",
        "2027-M04",
        "2027-M05",
        "2027-M06",
        "2027-M07",
        "2027-M08",
        "2027-M09",
        "2027-M10",
      ],
    ],
    ["slower", ["2027-Q1", "2027-Q2", "2027-Q3", "2027-M10"]],
    ["rising", ["2027-H1", "2027-M07", "2027-M08"]],
    [
      "falling",
      [
        "2027-M01",
        "2027-M02",
        "2027-M03",
        "2027-M04",
        "2027-M05",
        "2027-M06",
        "2027-Q3",
        "2027-M10",
      ],
    ],
    ["steady", ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4", "2028-H1"]],
  ])("S-05 the reviews of the %s one", async (name, periods) => {
    expect((await periodsOf(world, idOf(name))).slice(0, periods.length)).toEqual(periods);
  });

  it("S-06 says from which period on a change acts, and when what was before is back", () => {
    expect(answers["temporary"]).toMatchObject({
      cadence: "quarterly",
      running: "2027-Q1",
      coming: ["2027-M04", "2027-M05", "2027-M06", "2027-M07", "2027-M08", "2027-M09"],
      decided: {
        cadence: "monthly",
        endsOn: "2027-08-15",
        effectiveFrom: "2027-M04",
        returnsFrom: "2027-Q4",
      },
      version: 1,
    });
    expect(answers["slower"]).toMatchObject({
      running: "2027-Q1",
      coming: ["2027-Q2", "2027-H2", "2028-H1", "2028-H2", "2029-H1", "2029-H2"],
      decided: { cadence: "biannual", endsOn: null, effectiveFrom: "2027-H2", returnsFrom: null },
    });
    expect(answers["back"]).toMatchObject({ running: "2027-Q2", decided: null, version: 2 });
  });

  it("opens nothing that nobody has, and for quarters alone what it did before", async () => {
    const { items } = await world.test.openTenant(ACME).cycles.list({ limit: 100 });
    expect(items.filter(({ partnerCount }) => partnerCount === 0)).toEqual([]);
    const other = await world.test.openTenant(GLOBEX).cycles.list({ limit: 100 });
    expect(other.items.map(({ period }) => period)).toEqual([
      ...["2028-Q1", "2027-Q4", "2027-Q3", "2027-Q2", "2027-Q1"],
    ]);
    expect(other.items.every((cycle) => !("isByCadence" in cycle))).toBe(true);
    for (const partnerId of globex.partnerIds) {
      expect(await periodsOf(world, partnerId, GLOBEX)).toHaveLength(5);
    }
  });
});
