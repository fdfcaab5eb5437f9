import { changeCadence } from "@concord/core/cadence";
import { publishProgram, updateProgramDraft } from "@concord/core/program";
import type { ReviewCalendar } from "@concord/core/review-calendar";
import {
  ACME,
  GLOBEX,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

describe("S-08 the calendar of reviews", () => {
  let api: TestApi;
  let own: TestPartnership;
  let other: TestPartnership;
  let foreign: TestPartnership;
  let tokens: Record<"viewer" | "user" | "foreign", string>;

  const read = async (token: string, query = "") => {
    const response = await api.request(`/v1/calendar${query}`, { method: "GET", token });
    const answer = (await response.json()) as ReviewCalendar & { code?: string };
    return { status: response.status, answer };
  };
  const programOf = ({ programs }: ReviewCalendar, { program }: TestPartnership) =>
    programs.filter(({ programId }) => programId === program.programId);
  const periodsOf = (calendar: ReviewCalendar, partnership: TestPartnership) =>
    programOf(calendar, partnership)[0]?.cycles.map(({ period, state }) => [period, state]);

  beforeAll(async () => {
    api = await testApi();
    own = await testPartnership(api.store, ACME);
    other = await testPartnership(api.store, ACME, { name: "Southwind" });
    foreign = await testPartnership(api.store, GLOBEX);
    tokens = {
      viewer: (await api.member(ACME, "viewer")).token,
      user: (await api.partnerUser(ACME, own.partner.partnerId, "partner-user")).token,
      foreign: (await api.member(GLOBEX, "owner")).token,
    };
    const ctx = api.store.asMember(ACME, "admin");
    const { programId } = own.program;
    const head = await ctx.store.programs.get(programId);
    if (!head) throw new Error("there is a program");
    const windows = { ...head.draft.windows, lead: "alternating" as const, actWindowDays: 14 };
    const changed = await updateProgramDraft(ctx, {
      ...{ programId, ifVersion: head.version, changes: { windows } },
    });
    await publishProgram(ctx, {
      ...{ programId, ifVersion: changed.version, effectiveFrom: "2027-Q3" },
    });
  });

  it("tells a partner its windows, who leads, what is measured and when feedback is there", async () => {
    const { status, answer } = await read(tokens.user, "?cycles=3");
    expect(status).toBe(200);
    expect(answer.partnerId).toBe(own.partner.partnerId);
    const [program] = programOf(answer, own);
    const running = program?.cycles.find(({ period }) => period === "2027-Q1");
    expect(running).toMatchObject({
      state: "under-way",
      span: { from: "2027-01-01", to: "2027-03-31" },
      windows: { lead: "vendor", act: null },
    });
    const metrics = own.program.definition.metrics.map(
      ({ metricId, name, measure, weightPercent }) => ({
        ...{ metricId, name, measure, weightPercent },
      }),
    );
    expect(running?.measured).toEqual(metrics);
    expect(running?.released.scorecardAt).toBe(running?.windows.review.opensAt);
    expect(running?.released.outcomeAt).toBe(running?.windows.review.closesAt);
    expect(running?.windows.contribute).toEqual({
      ...{ opensAt: running?.opensAt, closesAt: running?.windows.review.closesAt },
    });
  });

  it("follows a published version from the quarter on that it is for", async () => {
    const { answer } = await read(tokens.user);
    const cycles = programOf(answer, own)[0]?.cycles ?? [];
    const of = (period: string) => cycles.find((one) => one.period === period);
    expect(of("2027-Q2")).toMatchObject({ programVersion: 1, windows: { act: null } });
    expect(of("2027-Q3")).toMatchObject({ programVersion: 2, windows: { lead: "vendor" } });
    expect(of("2027-Q4")).toMatchObject({ state: "coming", windows: { lead: "partner" } });
    expect(of("2027-Q4")?.windows.act?.opensAt).toBe(of("2027-Q4")?.windows.review.closesAt);
  });

  it("shows the vendor each partner, or what the programs say, and nobody anything of others", async () => {
    const { answer } = await read(tokens.viewer, "?cycles=2");
    expect(answer.partnerId).toBeNull();
    expect(programOf(answer, own)[0]).toMatchObject({ segmentId: null, cadence: "quarterly" });
    expect(periodsOf(answer, own)?.slice(-3)).toEqual([
      ["2027-Q1", "under-way"],
      ["2027-Q2", "coming"],
      ["2027-Q3", "coming"],
    ]);
    expect(programOf(answer, foreign)).toEqual([]);
    const named = await read(tokens.viewer, `?partnerId=${other.partner.partnerId}`);
    expect(named.answer.partnerId).toBe(other.partner.partnerId);
    for (const [token, { partner }] of [
      [tokens.user, other],
      [tokens.foreign, own],
      [tokens.viewer, foreign],
    ] as const) {
      expect(await read(token, `?partnerId=${partner.partnerId}`)).toMatchObject({
        ...{ status: 404, answer: { code: "partner-not-found" } },
      });
    }
    expect(await read(tokens.viewer, "?cycles=13")).toMatchObject({ status: 400 });
  });

  it("goes by the partner's own cadence, and of everybody by the program's", async () => {
    const key = { partnerId: own.partner.partnerId, programId: own.program.programId };
    const wish = { cadence: "monthly" as const, reason: "Prices move", endsOn: "2027-05-20" };
    await changeCadence(api.store.asMember(ACME, "admin"), { ...key, ifVersion: 0 }, wish);
    const { answer } = await read(tokens.user, "?cycles=5");
    expect(periodsOf(answer, own)?.slice(-6)).toEqual([
      ["2027-Q1", "under-way"],
      ["2027-M04", "coming"],
      ["2027-M05", "coming"],
      ["2027-M06", "coming"],
      ["2027-Q3", "coming"],
      ["2027-Q4", "coming"],
    ]);
    const everybody = await read(tokens.viewer, "?cycles=1");
    expect(periodsOf(everybody.answer, own)?.at(-1)).toEqual(["2027-Q2", "coming"]);
  });
});
