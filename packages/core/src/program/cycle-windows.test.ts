import { describe, expect, it } from "vitest";
import { timesOf, windowsOf } from "./cycle-windows.ts";
import { resellerTemplate } from "./reseller-template.ts";
import { ProgramDefinition } from "./schema.ts";

const calendar = { timeZone: "America/Chicago", fiscalYearStartMonth: 1 };
const definitionOf = (windows: Partial<ProgramDefinition["windows"]>) => {
  const base = resellerTemplate("USD");
  return ProgramDefinition.parse({ ...base, windows: { ...base.windows, ...windows } });
};

describe("S-09 the windows of a cycle", () => {
  it("open and close by the wall clock of the tenant, across a change of the clocks", () => {
    const definition = definitionOf({ contributionWindowDays: 7, actWindowDays: 30 });
    const times = timesOf(definition, "2027-Q1", calendar);
    expect(windowsOf(times)).toEqual({
      lead: "vendor",
      // Opened at 06:00 in winter, closed at 06:00 in summer.
      contribute: { opensAt: "2027-01-01T12:00:00.000Z", closesAt: "2027-04-14T11:00:00.000Z" },
      review: { opensAt: "2027-04-07T11:00:00.000Z", closesAt: "2027-04-28T11:00:00.000Z" },
      act: { opensAt: "2027-04-28T11:00:00.000Z", closesAt: "2027-05-28T11:00:00.000Z" },
    });
  });

  it("are by default what they were: contributions as long as the review is open, no end named for acts", () => {
    const times = timesOf(definitionOf({}), "2027-Q1", calendar);
    expect(times).toEqual({
      opensAt: "2027-01-01T12:00:00.000Z",
      freezesAt: "2027-04-07T11:00:00.000Z",
      closesAt: "2027-04-28T11:00:00.000Z",
      lead: "vendor",
    });
    const { contribute, act } = windowsOf(times);
    expect([contribute.closesAt, act]).toEqual(["2027-04-28T11:00:00.000Z", null]);
  });

  it.each([
    ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4", "2028-Q1"],
    ["2027-M01", "2027-M02", "2027-M03", "2027-M04", "2027-M05"],
    ["2027-H1", "2027-H2", "2028-H1", "2028-H2", "2029-H1"],
  ])("are led by turns from %s on, whatever the length", (...periods) => {
    const alternating = definitionOf({ lead: "alternating" });
    expect(periods.map((period) => timesOf(alternating, period, calendar).lead)).toEqual([
      ...["vendor", "partner", "vendor", "partner", "vendor"],
    ]);
    const partner = definitionOf({ lead: "partner" });
    expect(timesOf(partner, periods[0] ?? "", calendar).lead).toBe("partner");
  });
});
