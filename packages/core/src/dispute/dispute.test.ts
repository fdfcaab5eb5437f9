import { describe, expect, it } from "vitest";
import {
  CycleId,
  DisputeId,
  MemberId,
  OpportunityId,
  PartnerId,
  PartnerUserId,
  PersonId,
  ProgramId,
} from "../id/index.ts";
import { type PublishedProgram, resellerTemplate } from "../program/index.ts";
import { freezeCard } from "../scorecard/index.ts";
import { file, nextTimer, requireDisputable, termsAfter, track } from "./dispute.ts";
import { FileDispute, type Remedy } from "./schema.ts";

const id = (prefix: string, last: string) => `${prefix}_${last.padStart(26, "0")}`;
const PARTNER = PartnerId.parse(id("ptr", "A"));
const partnerUser = {
  kind: "partner-user",
  personId: PersonId.parse(id("per", "A")),
  partnerUserId: PartnerUserId.parse(id("pus", "A")),
  partnerId: PARTNER,
  roles: ["partner-user"],
} as const;
const system = { kind: "system", name: "schedule" } as const;
const template = resellerTemplate("USD");
const programWith = (windows = {}, rights = {}): PublishedProgram => ({
  programId: ProgramId.parse(id("pgm", "A")),
  version: 1,
  effectiveFrom: "2027-Q1",
  definition: {
    ...template,
    windows: { ...template.windows, ...windows },
    decisionRights: { ...template.decisionRights, ...rights },
  },
  warnings: [],
  publishedAt: "2026-12-01T00:00:00.000Z",
  publishedBy: { kind: "member", memberId: MemberId.parse(id("mem", "A")) },
});
const cardOf = (program: PublishedProgram, frozenAt: string) =>
  freezeCard({
    program,
    cycleId: CycleId.parse(id("cyc", "A")),
    partnerId: PARTNER,
    period: "2027-Q1",
    span: { from: "2027-01-01", to: "2027-03-31" },
    inputs: Array.from({ length: 20 }, (_, index) => ({
      opportunityId: OpportunityId.parse(id("opp", String(index))),
      revision: 1,
      outcome: index < 15 ? ("won" as const) : ("lost" as const),
      engagedOn: "2027-01-10",
      closedOn: "2027-02-20",
      amountMinor: 300_000,
      listAmountMinor: 310_000,
    })),
    terms: {},
    revision: 1,
    reason: null,
    now: new Date(frozenAt),
  }).card;

const input = FileDispute.parse({
  about: "score",
  metricId: "win-rate",
  scorecardRevision: 1,
  reason: "Two lost deals are not ours",
  evidence: { text: "They were registered by somebody else" },
});
const fileAt = (at: string, zone: string, program = programWith(), what = input) =>
  file(
    { card: cardOf(program, "2027-04-08T03:30:00.000Z"), program, partnerName: "Northwind" },
    DisputeId.parse(id("dsp", "A")),
    what,
    partnerUser,
    new Date(at),
    { timeZone: zone },
  ).next;
const CHICAGO = "America/Chicago";

describe("G-04 the appeal window", () => {
  // Frozen on 8 April 03:30 UTC, which is 7 April in Chicago and 8 April in Berlin.
  it.each([
    { zone: CHICAGO, last: "2027-04-18T04:59:59.000Z", late: "2027-04-18T05:00:00.000Z" },
    { zone: "Europe/Berlin", last: "2027-04-18T21:59:59.000Z", late: "2027-04-18T22:00:00.000Z" },
  ])("is ten whole calendar days after the freeze in $zone", ({ zone, last, late }) => {
    expect(fileAt(last, zone).status).toBe("open");
    expect(() => fileAt(late, zone)).toThrow("It could be disputed until 2027-04-1");
  });

  it("is as long as the program says", () => {
    const program = programWith({ appealWindowDays: 1 });
    expect(fileAt("2027-04-09T04:00:00.000Z", CHICAGO, program).status).toBe("open");
    expect(() => fileAt("2027-04-09T05:00:00.000Z", CHICAGO, program)).toThrow("2027-04-08");
  });
});

describe("G-04 the clock of a dispute", () => {
  it("reminds after three days and is over after ten, in the tenant's time zone", () => {
    const open = fileAt("2027-04-10T04:30:00.000Z", CHICAGO);
    expect(open).toMatchObject({
      dueOn: "2027-04-19",
      remindAt: "2027-04-12T11:00:00.000Z",
      overdueFrom: "2027-04-20T11:00:00.000Z",
    });
    expect(nextTimer(open)?.dueAt).toBe(open.remindAt);
    expect(track(open, system, new Date("2027-04-12T10:59:59.000Z"))).toBeUndefined();
    const reminded = track(open, system, new Date("2027-04-12T11:00:00.000Z"));
    expect(reminded).toMatchObject({ event: { type: "dispute.reminded" }, next: { version: 2 } });
    if (!reminded) throw new Error("somebody is reminded");
    expect(nextTimer(reminded.next)?.dueAt).toBe(open.overdueFrom);
    expect(track(reminded.next, system, new Date("2027-04-15T11:00:00.000Z"))).toBeUndefined();
    const overdue = track(reminded.next, system, new Date("2027-04-20T11:00:00.000Z"));
    expect(overdue).toMatchObject({
      event: { type: "dispute.overdue" },
      next: { isOverdue: true },
    });
    if (!overdue) throw new Error("it is overdue");
    expect(nextTimer(overdue.next)).toBeUndefined();
    expect(track(overdue.next, system, new Date("2027-05-20T11:00:00.000Z"))).toBeUndefined();
  });

  it("does not remind where a decision is due before", () => {
    const program = programWith({}, { disputeDays: 2, reminderDays: 3 });
    const open = fileAt("2027-04-10T12:00:00.000Z", CHICAGO, program);
    expect(open.remindAt).toBeNull();
    expect(nextTimer(open)?.dueAt).toBe("2027-04-13T11:00:00.000Z");
  });

  it("goes straight to overdue where the tick comes late", () => {
    const late = track(
      fileAt("2027-04-10T12:00:00.000Z", CHICAGO),
      system,
      new Date("2027-06-01T12:00:00.000Z"),
    );
    expect(late).toMatchObject({ event: { type: "dispute.overdue" } });
  });
});

describe("G-04 what can be disputed", () => {
  const at = "2027-04-10T12:00:00.000Z";
  it("is a metric of the card, and a consequence only where there is one", () => {
    const other = { ...input, metricId: "no-such-metric" };
    expect(() => fileAt(at, CHICAGO, programWith(), other)).toThrow();
    const flag = { ...input, about: "consequence" as const };
    expect(() => fileAt(at, CHICAGO, programWith(), flag)).toThrow();
    const whole = { ...input, about: "consequence" as const, metricId: null };
    expect(fileAt(at, CHICAGO, programWith(), whole).metricName).toBeNull();
  });

  it("is once at a time, and decided once for a revision", () => {
    const card = cardOf(programWith(), at);
    const { cycleId, partnerId } = card;
    const subject = { cycleId, partnerId, about: "score" as const, metricId: "win-rate" };
    const stands = (isOpen: boolean, settledRevision: number) => () =>
      requireDisputable(
        { ...subject, disputeId: DisputeId.parse(id("dsp", "A")), isOpen, settledRevision },
        card,
      );
    expect(stands(true, 0)).toThrow(expect.objectContaining({ code: "dispute-exists" }));
    expect(stands(false, 1)).toThrow(expect.objectContaining({ code: "dispute-settled" }));
    expect(stands(false, 0)).not.toThrow();
  });
});

describe("G-04 a remedy", () => {
  const card = cardOf(programWith(), "2027-04-08T03:30:00.000Z");
  const disputed = (metricId: string | null, about: "score" | "consequence" = "score") => ({
    about,
    metricId,
    disputeId: DisputeId.parse(id("dsp", "A")),
  });
  const value = (number: string): Remedy => ({ kind: "value", value: number });

  it.each([
    ["a share above 100", "win-rate", "100.5"],
    ["a share below 0", "win-rate", "-1"],
    ["a part of a cent", "revenue-won", "1000.005"],
  ])("is no value that there cannot be: %s", (_, metricId, number) => {
    expect(() => termsAfter(card, disputed(metricId), value(number))).toThrow(
      expect.objectContaining({ code: "dispute-remedy-unfit" }),
    );
  });

  it("is of its kind: a score is measured, a consequence is waived", () => {
    expect(() => termsAfter(card, disputed("win-rate"), { kind: "waived" })).toThrow();
    for (const about of ["score", "consequence"] as const) {
      const remedy = { kind: "excluded" } as const;
      expect(() => termsAfter(card, disputed(null, about), remedy)).toThrow();
    }
  });

  it("keeps the frozen facts but where it recalculates, which ends what overrode the metric", () => {
    const set = termsAfter(card, disputed("win-rate"), value("80"));
    expect(set).toMatchObject({
      from: "frozen-facts",
      terms: { overrides: [{ kind: "value", metricId: "win-rate", value: "80" }] },
    });
    const again = termsAfter({ ...card, ...set.terms }, disputed("win-rate"), {
      kind: "recalculated",
    });
    expect(again).toEqual({ from: "facts-now", terms: {} });
  });
});
