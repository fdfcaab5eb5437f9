import { describe, expect, it } from "vitest";
import type { MemberActor } from "../actor/index.ts";
import { DomainError } from "../error/index.ts";
import { MemberId, PersonId, ProgramId } from "../id/index.ts";
import { create, publish, updateDraft } from "./program.ts";
import { faultsOf, programFor, versionFor, warningsOf } from "./publication.ts";
import { resellerTemplate } from "./reseller-template.ts";
import { ProgramDefinition, type ProgramMetric, UpdateProgramDraft } from "./schema.ts";

const NOW = new Date("2027-01-02T09:00:00.000Z");
const MANAGER: MemberActor = {
  kind: "member",
  personId: PersonId.parse("per_0000000000000000000000000A"),
  memberId: MemberId.parse("mem_0000000000000000000000000A"),
  roles: ["program-manager"],
};
const PROGRAM = ProgramId.parse("pgm_0000000000000000000000000A");
const TENANT = { tenant: { currency: "USD" }, versions: [] };
const template = resellerTemplate("USD");
const [first, ...others] = template.metrics as [ProgramMetric, ...ProgramMetric[]];

const program = (draft = template) => create(PROGRAM, draft, MANAGER, NOW).next;
const withMetric = (changes: object): ProgramDefinition => ({
  ...template,
  metrics: [{ ...first, ...changes } as ProgramMetric, ...others],
});
const metricsOfWeights = (...weights: number[]): ProgramMetric[] =>
  weights.map((weightPercent, index) => ({
    ...first,
    metricId: `metric-${index + 1}`,
    pairedMetricId: null,
    weightPercent,
  }));

describe("the reseller template", () => {
  it("can be published as it is, without a warning", () => {
    expect(faultsOf(template)).toEqual([]);
    expect(warningsOf(template)).toEqual([]);
  });

  it("S-21 keeps three layers apart and S-25 has leading and lagging metrics", () => {
    expect(new Set(template.metrics.map(({ layer }) => layer)).size).toBe(3);
    expect(new Set(template.metrics.map(({ timing }) => timing)).size).toBe(2);
  });

  it("gives the figures that are never without data less than the coverage a rating needs", () => {
    const counts = template.metrics.filter(({ measure }) => /_won$|_count$|_amount$/.test(measure));
    const weight = counts.reduce((sum, { weightPercent }) => sum + weightPercent, 0);
    expect(weight).toBe(30);
    expect(weight).toBeLessThan(template.minimumCoveragePercent);
  });
});

describe("publishing", () => {
  it("S-03 makes version 1, then 2, and leaves the draft and version 1 as they were", () => {
    const one = publish(program(), { effectiveFrom: "2027-Q1" }, TENANT, MANAGER, NOW);
    expect(one.published).toMatchObject({ version: 1, effectiveFrom: "2027-Q1" });
    expect(one.next).toMatchObject({ version: 2, published: { version: 1 }, draft: template });
    const changes = { minimumCoveragePercent: 70 };
    const changed = updateDraft(one.next, changes, MANAGER, NOW).next;
    const two = publish(changed, { effectiveFrom: "2027-Q2" }, TENANT, MANAGER, NOW);
    expect(two.published).toMatchObject({ version: 2, effectiveFrom: "2027-Q2" });
    expect(two.published.definition.minimumCoveragePercent).toBe(70);
    expect(one.published.definition.minimumCoveragePercent).toBe(60);
  });

  it("refuses to take effect before the version that is in effect", () => {
    const { next } = publish(program(), { effectiveFrom: "2027-Q2" }, TENANT, MANAGER, NOW);
    expect(() => publish(next, { effectiveFrom: "2027-Q1" }, TENANT, MANAGER, NOW)).toThrow(
      DomainError,
    );
  });

  it("refuses amounts in another currency than the tenant's", () => {
    expect(() =>
      publish(
        program(),
        { effectiveFrom: "2027-Q1" },
        { tenant: { currency: "EUR" }, versions: [] },
        MANAGER,
        NOW,
      ),
    ).toThrow(DomainError);
  });

  it("answers all faults at once, each with a pointer into the program", () => {
    const draft: ProgramDefinition = {
      ...withMetric({ objectiveIds: ["nowhere"], verification: "", weightPercent: 21 }),
      ratingBands: template.ratingBands.slice(1),
      redFlagRatingId: "legendary",
    };
    try {
      publish(program(draft), { effectiveFrom: "2027-Q1" }, TENANT, MANAGER, NOW);
      expect.unreachable("the draft is faulty");
    } catch (error) {
      expect(error).toMatchObject({ code: "program-not-publishable", kind: "unprocessable" });
      expect((error as DomainError).places.map(({ pointer }) => pointer).sort()).toEqual([
        "/draft/metrics",
        "/draft/metrics/0/objectiveIds/0",
        "/draft/metrics/0/verification",
        "/draft/ratingBands/0/from",
        "/draft/redFlagRatingId",
      ]);
    }
  });

  it.each<[string, number[], boolean]>([
    ["thirds that miss a hundredth", [33.33, 33.33, 33.33], false],
    ["thirds made whole", [33.33, 33.33, 33.34], true],
    ["tenths that doubles add up wrongly", [10.1, 20.2, 30.3, 39.4], true],
    ["one too many", [50, 50.01], false],
  ])("S-24 adds weights up exactly: %s", (_, weights, isAccepted) => {
    const faults = faultsOf({ ...template, metrics: metricsOfWeights(...weights) });
    expect(faults.some(({ pointer }) => pointer === "/metrics")).toBe(!isAccepted);
  });

  it("S-23 warns from 9 metrics on and refuses more than 12", () => {
    const of = (count: number): ProgramDefinition => ({
      ...template,
      metrics: metricsOfWeights(...Array<number>(count - 1).fill(1), 101 - count),
      objectives: template.objectives.filter(({ objectiveId }) => objectiveId === "grow-revenue"),
    });
    expect(warningsOf(of(8))).toEqual([]);
    expect(warningsOf(of(9))).toHaveLength(1);
    expect(faultsOf(of(12))).toEqual([]);
    expect(faultsOf(of(13))).toMatchObject([{ pointer: "/metrics" }]);
  });

  it.each<[string, object, string]>([
    ["without a way to verify it", { verification: "" }, "/metrics/0/verification"],
    [
      "with a flat scale",
      { scale: { kind: "linear", floor: 1, target: 1, cap: 100 } },
      "/metrics/0/scale/target",
    ],
    [
      "with a limit its measure has not",
      { parameters: { limitPercent: 10 } },
      "/metrics/0/parameters/limitPercent",
    ],
    [
      "with a limit nobody counts",
      { measure: "discount_discipline_percent", parameters: { limitPercent: 12 } },
      "/metrics/0/parameters/limitPercent",
    ],
    ["with a red flag but not critical", { redFlagFloor: 5 }, "/metrics/0/redFlagFloor"],
    ["paired with itself", { pairedMetricId: "revenue-won" }, "/metrics/0/pairedMetricId"],
    ["of a name that is taken", { metricId: "win-rate" }, "/metrics/1/metricId"],
  ])("refuses a metric %s", (_, changes, pointer) => {
    expect(faultsOf(withMetric(changes)).map((fault) => fault.pointer)).toContain(pointer);
  });

  it("S-01 refuses a metric that serves no objective, or one that is none", () => {
    expect(faultsOf(withMetric({ objectiveIds: [] }))).toMatchObject([
      { pointer: "/metrics/0/objectiveIds" },
    ]);
    expect(faultsOf(withMetric({ objectiveIds: ["grow-revenue", "nowhere"] }))).toMatchObject([
      { pointer: "/metrics/0/objectiveIds/1", detail: "there is no objective nowhere" },
    ]);
  });

  const band = (from: number, to: number) => ({
    ratingId: `band-${from}`,
    name: `From ${from}`,
    from,
    to,
  });
  it.each([
    ["a gap", [band(0, 40), band(50, 100)], "/ratingBands/1/from"],
    ["an overlap", [band(0, 60), band(50, 100)], "/ratingBands/1/from"],
    ["nothing for 0", [band(1, 50), band(50, 100)], "/ratingBands/0/from"],
    ["nothing for 100", [band(0, 50), band(50, 99.9999)], "/ratingBands/1/to"],
    ["one band", [band(0, 100)], "/ratingBands"],
  ])("refuses rating bands with %s", (_, ratingBands, pointer) => {
    const faults = faultsOf({ ...template, ratingBands });
    expect(faults.map((fault) => fault.pointer)).toContain(pointer);
  });

  it.each([
    ["midnight openings", { windows: { ...template.windows, openAtLocalTime: "00:30" } }],
    [
      "a limit in another currency",
      {
        decisionRights: {
          ...template.decisionRights,
          planBudgetLimit: { amount: "1.00", currency: "EUR" },
        },
      },
    ],
    [
      "an escalation after the step has ended",
      { decisionRights: { ...template.decisionRights, escalationDays: 60 } },
    ],
    [
      "nobody in place of an author",
      { decisionRights: { ...template.decisionRights, substitutes: [] } },
    ],
  ])("S-12 refuses %s", (_, changes) => {
    expect(faultsOf({ ...template, ...changes })).toHaveLength(1);
  });
});

describe("the version a period is scored with", () => {
  const versions = [
    { version: 1, effectiveFrom: "2027-Q1" },
    { version: 2, effectiveFrom: "2027-Q3" },
    { version: 3, effectiveFrom: "2027-Q3" },
  ];
  it.each([
    ["2026-Q4", undefined],
    ["2027-Q1", 1],
    ["2027-Q2", 1],
    ["2027-Q3", 3],
    ["2030-Q1", 3],
  ])("of %s is %s", (period, version) => {
    expect(versionFor(versions, period)?.version).toBe(version);
  });
});

describe("the program that scores a period", () => {
  const calendar = { timeZone: "America/Chicago", fiscalYearStartMonth: 1 };
  const version = (number: number, publishedAt: string, programId = PROGRAM) => ({
    programId,
    version: number,
    effectiveFrom: "2027-Q1",
    definition: template,
    warnings: [],
    publishedAt,
    publishedBy: { kind: "system" as const, name: "bootstrap" },
  });
  // 06:00 in Chicago on the first day of the quarter.
  const opening = "2027-04-01T11:00:00.000Z";

  it("S-03 keeps the version its cycle opened with when another is published afterwards", () => {
    const before = version(1, opening);
    const after = version(2, "2027-04-01T11:00:00.001Z");
    const rules = { calendar, versions: [before, after] };
    expect(programFor(rules, { period: "2027-Q2" })).toBe(before);
    expect(programFor(rules, { period: "2027-Q3" })).toBe(after);
  });

  it("is the first one there is where no cycle has pinned any", () => {
    const late = version(1, "2027-05-20T00:00:00.000Z");
    expect(programFor({ calendar, versions: [late] }, { period: "2027-Q2" })).toBe(late);
    expect(programFor({ calendar, versions: [late] }, { period: "2026-Q4" })).toBeUndefined();
  });

  it("is of the program published last, or of the one asked for", () => {
    const other = ProgramId.parse("pgm_0000000000000000000000000B");
    const versions = [
      version(1, "2027-01-10T00:00:00.000Z"),
      version(1, "2027-01-20T00:00:00.000Z", other),
    ];
    const rules = { calendar, versions };
    expect(programFor(rules, { period: "2027-Q2" })?.programId).toBe(other);
    expect(programFor(rules, { period: "2027-Q2", programId: PROGRAM })?.programId).toBe(PROGRAM);
  });
});

describe("a change of the draft", () => {
  it("keeps what is left out, defaults included", () => {
    const strict = { ...template, minimumCoveragePercent: 80, minimumSample: 25 };
    const changes = UpdateProgramDraft.parse({ name: "Renamed" });
    expect(updateDraft(program(strict), changes, MANAGER, NOW).next.draft).toEqual({
      ...strict,
      name: "Renamed",
    });
  });

  it("refuses a member it does not know", () => {
    expect(UpdateProgramDraft.safeParse({ weigths: 3 }).success).toBe(false);
    expect(ProgramDefinition.safeParse({ ...template, extra: 1 }).success).toBe(false);
  });
});
