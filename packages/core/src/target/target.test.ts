import { describe, expect, it } from "vitest";
import type { MemberActor, PartnerActor } from "../actor/index.ts";
import { MemberId, PartnerId, PartnerUserId, PersonId, ProgramId } from "../id/index.ts";
import { type ProgramDefinition, resellerTemplate } from "../program/index.ts";
import { agreedFor, withTargets } from "./apply-targets.ts";
import type { PartnerTarget, ProposedTarget, TargetSet } from "./schema.ts";
import { acknowledge, isProposed, noneProposed, propose } from "./target.ts";
import { judgeTargets } from "./target-faults.ts";

const id = (prefix: string, name = "A") => `${prefix}_${name.padStart(26, "0")}`;
const NOW = new Date("2026-12-10T12:00:00.000Z");
const PROGRAM = ProgramId.parse(id("pgm"));
const OTHER = ProgramId.parse(id("pgm", "B"));
const PARTNER = PartnerId.parse(id("ptr"));
const manager: MemberActor = {
  kind: "member",
  personId: PersonId.parse(id("per")),
  memberId: MemberId.parse(id("mem")),
  roles: ["partner-manager"],
};
const exec: PartnerActor = {
  kind: "partner-user",
  personId: PersonId.parse(id("per", "B")),
  partnerUserId: PartnerUserId.parse(id("pus")),
  partnerId: PARTNER,
  roles: ["partner-exec"],
};
const template = resellerTemplate("USD");
const revenue = (target: number, floor = 10_000): PartnerTarget => ({
  ...{ metricId: "revenue-won", measure: "revenue_won", target, floor },
});
const fresh = (from = "2027-Q1", programId = PROGRAM) =>
  noneProposed({ partnerId: PARTNER, programId, from });
const proposed = (set = fresh(), targets = [revenue(90_000)]) =>
  propose(set, { targets, basis: { kind: "entered" } }, manager, NOW).next;
const agreed = (set = proposed()) =>
  acknowledge(acknowledge(set, manager, NOW).next, exec, NOW).next;

describe("S-02 targets of a partner", () => {
  it("are agreed when both sides have acknowledged the same proposal, in either order", () => {
    const one = acknowledge(proposed(), exec, NOW);
    expect(one.next.agreed).toBeNull();
    expect(one.event.data).toMatchObject({ side: "partner", isAgreed: false });
    const both = acknowledge(one.next, manager, NOW);
    expect(both.event.data).toMatchObject({ side: "vendor", isAgreed: true });
    expect(both.next).toMatchObject({
      proposal: null,
      version: 3,
      agreed: {
        number: 1,
        vendor: { by: { memberId: manager.memberId }, at: NOW.toISOString() },
        partner: { by: { partnerUserId: exec.partnerUserId } },
      },
    });
    expect(agreed().agreed).toEqual(both.next.agreed);
  });

  it("are acknowledged once by each side, and only while something is proposed", () => {
    const once = acknowledge(proposed(), exec, NOW).next;
    expect(() => acknowledge(once, exec, NOW)).toThrow("Your side has acknowledged");
    expect(() => acknowledge(fresh(), exec, NOW)).toThrow("No targets wait");
    expect(() => acknowledge(agreed(), exec, NOW)).toThrow("No targets wait");
  });

  it("change by another proposal alone, which takes back what one side acknowledged and keeps what both did", () => {
    const half = acknowledge(proposed(), exec, NOW).next;
    const again = proposed(half, [revenue(80_000)]);
    expect(again.proposal).toMatchObject({ number: 2, partner: null, vendor: null });
    const other = proposed(agreed(), [revenue(70_000)]);
    expect(other).toMatchObject({ proposal: { number: 2 }, agreed: { number: 1 } });
    expect(agreed(other).agreed).toMatchObject({ number: 2, targets: [revenue(70_000)] });
    expect(isProposed(other, [revenue(70_000)])).toBe(true);
    expect(isProposed(other, [revenue(90_000)])).toBe(false);
  });

  it("are in force from their quarter until others are agreed for a later one, each program its own", () => {
    const sets: TargetSet[] = [
      agreed(proposed(fresh("2027-Q3"), [revenue(70_000)])),
      agreed(),
      proposed(fresh("2027-Q2"), [revenue(1)]),
      agreed(proposed(fresh("2026-Q1", OTHER), [revenue(2)])),
    ];
    const of = (period: string, programId = PROGRAM) =>
      agreedFor(sets, { programId, period })?.targets[0]?.target;
    expect(["2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3", "2028-Q4"].map((one) => of(one))).toEqual([
      ...[undefined, 90_000, 90_000, 70_000, 70_000],
    ]);
    expect(of("2027-Q2", OTHER)).toBe(2);
    expect(agreedFor(sets.toReversed(), { programId: PROGRAM, period: "2027-Q2" })).toEqual(
      agreedFor(sets, { programId: PROGRAM, period: "2027-Q2" }),
    );
  });

  it.each<[string, ProposedTarget, string, RegExp]>([
    [
      "a metric nobody counts",
      { metricId: "churn", target: 1 },
      "metricId",
      /not measured by churn/,
    ],
    ["a share above 100", { metricId: "win-rate", target: 101 }, "target", /at most 100/],
    [
      "a floor on the wrong side",
      { metricId: "revenue-won", target: 9, floor: 10 },
      "floor",
      /must be below the target/,
    ],
    [
      "a floor on the wrong side where less is better",
      { metricId: "sales-cycle", target: 40, floor: 30 },
      "floor",
      /must be above the target/,
    ],
    [
      "a target that the program's floor lies beyond",
      { metricId: "revenue-won", target: 15_000 },
      "target",
      /not beyond the program's floor of 20000: give a floor below/,
    ],
  ])("are refused with %s", (_, one, field, detail) => {
    const before: ProposedTarget = { metricId: "pipeline-created", target: 90 };
    const { faults } = judgeTargets([before, one], template);
    expect(faults).toEqual([
      { pointer: `/targets/1/${field}`, detail: expect.stringMatching(detail) },
    ]);
  });

  it("are refused where they repeat a metric, or its scale has no target", () => {
    const twice = { metricId: "revenue-won", target: 90_000 };
    expect(judgeTargets([twice, twice], template).faults).toMatchObject([
      { pointer: "/targets/1/metricId", detail: "repeats revenue-won" },
    ]);
    const banded: ProgramDefinition = {
      ...template,
      metrics: template.metrics.map((one) => ({ ...one, scale: { kind: "bands", bands: [] } })),
    };
    expect(judgeTargets([twice], banded).faults).toMatchObject([
      { pointer: "/targets/0/metricId" },
    ]);
  });

  it("keep the floor that the program had, and the order of the program", () => {
    const { targets } = judgeTargets(
      [
        { metricId: "sales-cycle", target: 30 },
        { metricId: "revenue-won", target: 90_000 },
      ],
      template,
    );
    expect(targets).toMatchObject([
      { metricId: "revenue-won", measure: "revenue_won", target: 90_000, floor: 20_000 },
      { metricId: "sales-cycle", target: 30 },
    ]);
  });

  it("say nothing of a metric that is measured otherwise now", () => {
    const other = {
      ...template,
      metrics: template.metrics.map((one) =>
        one.metricId === "revenue-won" ? { ...one, measure: "deals_won" } : one,
      ),
    };
    const agreedTo = { targets: [revenue(90_000)] };
    expect(withTargets(other, agreedTo).metrics).toEqual(other.metrics);
    expect(withTargets(template, agreedTo).metrics[0]?.scale).toMatchObject({ target: 90_000 });
    expect(withTargets(template, undefined)).toBe(template);
  });
});
