import type { PartnerActor } from "@concord/core/actor";
import { publishProgram, updateProgramDraft } from "@concord/core/program";
import { emptyCounters } from "@concord/core/rollup";
import { acknowledgeTargets, type TargetSet } from "@concord/core/target";
import {
  ACME,
  actorOf,
  answerOf,
  GLOBEX,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

const NEXT = "2027-Q2";

describe("S-02 targets of single partners", () => {
  let api: TestApi;
  let own: TestPartnership;
  let other: TestPartnership;
  let foreign: TestPartnership;
  let tokens: Record<"manager" | "viewer" | "exec" | "user" | "neighbour" | "foreign", string>;
  let managersManager: string;

  const pathOf = ({ partner, program }: TestPartnership, from = NEXT) =>
    `/partners/${partner.partnerId}/targets/${program.programId}/${from}`;
  const send = async (
    path: string,
    {
      method,
      token = tokens.manager,
      ...more
    }: { token?: string; version?: number; body?: unknown; method?: string; key?: string } = {},
  ) => {
    const isChange = more.body !== undefined || more.version !== undefined;
    const options = { method: method ?? (isChange ? "POST" : "GET"), token, ...more };
    const { body, ...head } = await answerOf(await api.request(`/v1${path}`, options));
    return { ...head, answer: body as Record<string, unknown> };
  };
  const revenue = { targets: [{ metricId: "revenue-won", target: 90_000, floor: 10_000 }] };
  const propose = (version: number, body: unknown = revenue, of = own, from = NEXT) =>
    send(`${pathOf(of, from)}/proposals`, { version, body });
  const acknowledge = (token: string, version: number, of = own, from = NEXT) =>
    send(`${pathOf(of, from)}/acknowledge`, { token, version });

  beforeAll(async () => {
    api = await testApi();
    own = await testPartnership(api.store, ACME);
    other = await testPartnership(api.store, ACME, { name: "Southwind" });
    foreign = await testPartnership(api.store, GLOBEX);
    const of = (partnership: TestPartnership, role: "partner-exec" | "partner-user") =>
      api.partnerUser(ACME, partnership.partner.partnerId, role).then(({ token }) => token);
    const manager = await api.member(ACME, "partner-manager");
    tokens = {
      manager: (await api.member(ACME, "program-manager")).token,
      viewer: (await api.member(ACME, "viewer")).token,
      exec: await of(own, "partner-exec"),
      user: await of(own, "partner-user"),
      neighbour: await of(other, "partner-exec"),
      foreign: (await api.member(GLOBEX, "owner")).token,
    };
    managersManager = manager.token;
    const counters = { ...emptyCounters(), wonCount: 10, wonAmount: 5_000_000 };
    await api.store.asSystem(ACME).store.rollups.replace([
      {
        ...{ partnerId: own.partner.partnerId, month: "2027-05", counters, version: 1 },
        changedAt: "2027-01-02T00:00:00.000Z",
      },
    ]);
  });

  it("are nothing at first, with a version to propose on", async () => {
    expect(await send(pathOf(own))).toMatchObject({
      status: 200,
      etag: '"0"',
      answer: { proposal: null, agreed: null, version: 0 },
    });
    expect((await send(`/partners/${own.partner.partnerId}/targets`)).answer).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it.each<[string, () => ReturnType<typeof send>, number, string]>([
    [
      "a viewer",
      () => send(`${pathOf(own)}/proposals`, { token: tokens.viewer, version: 0, body: revenue }),
      403,
      "permission-denied",
    ],
    [
      "the partner itself",
      () => send(`${pathOf(own)}/proposals`, { token: tokens.exec, version: 0, body: revenue }),
      403,
      "permission-denied",
    ],
    [
      "another tenant",
      () => send(`${pathOf(own)}/proposals`, { token: tokens.foreign, version: 0, body: revenue }),
      404,
      "partner-not-found",
    ],
    ["a version that is not there", () => propose(3), 412, "version-stale"],
    [
      "a quarter that has begun",
      () => propose(0, revenue, own, "2027-Q1"),
      409,
      "target-quarter-begun",
    ],
    [
      "a quarter before the program",
      () => propose(0, revenue, own, "2026-Q1"),
      422,
      "target-program-missing",
    ],
    [
      "a metric nobody counts",
      () => propose(0, { targets: [{ metricId: "churn", target: 1 }] }),
      422,
      "targets-invalid",
    ],
  ])("are not proposed by or for %s", async (_, act, status, code) => {
    expect(await act()).toMatchObject({ status, answer: { code } });
    expect((await send(pathOf(own))).answer).toMatchObject({ version: 0 });
  });

  it("are proposed once, however often the same request comes", async () => {
    const first = await send(`${pathOf(own)}/proposals`, { version: 0, body: revenue, key: "one" });
    expect(first).toMatchObject({
      status: 201,
      etag: '"1"',
      answer: {
        agreed: null,
        proposal: {
          number: 1,
          basis: { kind: "entered" },
          targets: [{ metricId: "revenue-won", measure: "revenue_won", target: 90_000 }],
        },
      },
    });
    const again = await send(`${pathOf(own)}/proposals`, { version: 0, body: revenue, key: "one" });
    expect(again.answer).toEqual(first.answer);
    const waiting = await send("/waiting-targets", { token: tokens.viewer });
    expect(waiting.answer["items"]).toEqual([first.answer]);
  });

  it("change no card while a side has not acknowledged them", async () => {
    const card = await liveCard();
    expect(card).not.toHaveProperty("agreedTargets");
    expect(card.metrics[0]).toMatchObject({ score: 30 });
  });

  it.each<[string, () => ReturnType<typeof send>, number, string]>([
    [
      "somebody of the partner who is no executive",
      () => acknowledge(tokens.user, 1),
      403,
      "permission-denied",
    ],
    ["the neighbour", () => acknowledge(tokens.neighbour, 1), 404, "partner-not-found"],
    ["a manager of other partners", () => acknowledge(managersManager, 1), 403, "target-of-others"],
    ["a viewer", () => acknowledge(tokens.viewer, 1), 403, "permission-denied"],
    [
      "somebody who has not seen the proposal",
      () => acknowledge(tokens.exec, 0),
      412,
      "version-stale",
    ],
  ])("are not acknowledged by %s", async (_, act, status, code) => {
    expect(await act()).toMatchObject({ status, answer: { code } });
  });

  it("are not acknowledged by one person for both sides", async () => {
    const { exec } = own.partnerUsers;
    const key = { partnerId: own.partner.partnerId, programId: own.program.programId, from: NEXT };
    const first = await acknowledgeTargets(own.as(own.members.manager), { ...key, ifVersion: 1 });
    expect(first.proposal?.vendor?.by).toEqual({
      kind: "member",
      memberId: own.members.manager.memberId,
    });
    const both = {
      ...own.as(exec),
      actor: { ...actorOf(exec), personId: own.members.manager.personId } as PartnerActor,
    };
    await expect(acknowledgeTargets(both, { ...key, ifVersion: 2 })).rejects.toMatchObject({
      code: "target-acknowledged-by-same-person",
    });
  });

  it("are agreed with the second side, who and when, and count from their quarter on", async () => {
    const done = await acknowledge(tokens.exec, 2);
    expect(done).toMatchObject({ status: 200, answer: { proposal: null, agreed: { number: 1 } } });
    expect((await send("/waiting-targets")).answer["items"]).toEqual([]);
    const card = await liveCard();
    // 50,000 of 90,000, nothing up to 10,000: 50; by the program's own scale 30
    expect(card).toMatchObject({ agreedTargets: { from: NEXT, number: 1 } });
    expect(card.metrics[0]).toMatchObject({
      score: 50,
      scale: { target: 90_000, floor: 10_000 },
      programScale: { target: 120_000, floor: 20_000 },
    });
    expect(await liveCard("2027-Q3")).toMatchObject({ agreedTargets: { from: NEXT } });
    expect(await liveCard("2027-Q1")).not.toHaveProperty("agreedTargets");
  });

  it("cost a live card no request of their own", async () => {
    await liveCard();
    expect(api.log.at(-1)).toMatchObject({ requests: 2 });
  });

  it("stay in force while others are proposed, and are replaced by those for a later quarter", async () => {
    const less = { targets: [{ metricId: "revenue-won", target: 70_000 }] };
    expect(await propose(0, less, own, "2027-Q3")).toMatchObject({ status: 201 });
    expect((await liveCard("2027-Q3")).agreedTargets).toMatchObject({ from: NEXT });
    await acknowledge(tokens.exec, 1, own, "2027-Q3");
    await acknowledge(tokens.manager, 2, own, "2027-Q3");
    expect((await liveCard("2027-Q3")).metrics[0]).toMatchObject({
      scale: { target: 70_000, floor: 20_000 },
    });
    expect((await liveCard()).agreedTargets).toMatchObject({ from: NEXT });
    const { answer } = await send(`/partners/${own.partner.partnerId}/targets`, {
      token: tokens.user,
    });
    expect((answer["items"] as TargetSet[]).map(({ from }) => from)).toEqual([NEXT, "2027-Q3"]);
  });

  it("are seen by their partner and the tenant alone", async () => {
    const paths = [pathOf(own), `/partners/${own.partner.partnerId}/targets`];
    for (const path of paths) {
      for (const token of [tokens.neighbour, tokens.foreign]) {
        expect(await send(path, { token })).toMatchObject({
          status: 404,
          answer: { code: "partner-not-found" },
        });
      }
    }
    expect(await send("/waiting-targets", { token: tokens.exec })).toMatchObject({ status: 403 });
    await propose(0, revenue, foreign).catch(() => undefined);
    const theirs = await send("/waiting-targets", { token: tokens.foreign });
    expect(theirs.answer["items"]).toEqual([]);
  });

  it("come too late once their quarter has begun", async () => {
    await propose(3, { targets: [] });
    const key = { partnerId: own.partner.partnerId, programId: own.program.programId, from: NEXT };
    const late = new Date("2027-04-01T11:00:00.000Z");
    const act = (now: Date) =>
      acknowledgeTargets(own.as(own.members.manager, now), { ...key, ifVersion: 4 });
    await expect(act(late)).rejects.toMatchObject({
      code: "target-quarter-begun",
      message: "2027-Q2 has begun: targets can be agreed for 2027-Q3 and later",
    });
    const before = await act(new Date("2027-04-01T10:59:59.000Z"));
    expect(before).toMatchObject({ version: 5, agreed: { number: 1 } });
  });

  describe("from a file", () => {
    const file = (text: string, isDryRun: boolean, token = tokens.manager) =>
      send(`/programs/${own.program.programId}/targets/2027-Q4`, {
        ...{ method: "PUT", token },
        body: { csv: text, isDryRun },
      });
    const good = () =>
      [
        "partner,metric_id,target,floor",
        `${own.partner.partnerId},revenue-won,90000,10000`,
        "  southwind ,sales-cycle,30,",
        "Southwind,revenue-won,45000.50,5000",
      ].join("\n");
    const setOf = async ({ partner }: TestPartnership) =>
      (await send(`/partners/${partner.partnerId}/targets/${own.program.programId}/2027-Q4`))
        .answer;

    it("are refused as a whole, with every wrong row and column, and nothing is written", async () => {
      const bad = [
        good(),
        "Nobody,revenue-won,1,",
        "Southwind,churn,1,",
        "Southwind,win-rate,ninety,",
        "Southwind,revenue-won,50000,5000",
        `${foreign.partner.partnerId},revenue-won,1,`,
        "Southwind,average-deal-size,5000,6000",
      ].join("\n");
      const errors = [
        { row: 5, column: "partner", detail: "there is no such partner" },
        { row: 6, column: "metric_id", detail: "the partner is not measured by churn" },
        {
          row: 7,
          column: "target",
          detail: "must be a number with a decimal point and at most 4 decimals",
        },
        { row: 8, column: "metric_id", detail: "repeats revenue-won of Southwind" },
        { row: 9, column: "partner", detail: "there is no such partner" },
        { row: 10, column: "floor", detail: "must be below the target" },
      ];
      const tried = await file(bad, true);
      expect(tried).toMatchObject({ status: 200, answer: { isDryRun: true, rows: 9, errors } });
      expect(await file(bad, false)).toMatchObject({
        status: 422,
        answer: {
          code: "targets-invalid",
          errors: errors.map(({ row, column, detail }) => ({
            pointer: `row ${row}, column ${column}`,
            detail,
          })),
        },
      });
      expect(await setOf(own)).toMatchObject({ version: 0 });
    });

    it("are shown by a dry run, proposed by the import, and not again by its repeat", async () => {
      const outcomes = async (isDryRun: boolean) =>
        ((await file(good(), isDryRun)).answer["partners"] as { outcome: string }[]).map(
          ({ outcome }) => outcome,
        );
      expect(await outcomes(true)).toEqual(["would-be-proposed", "would-be-proposed"]);
      expect(await setOf(other)).toMatchObject({ version: 0 });
      expect(await outcomes(false)).toEqual(["proposed", "proposed"]);
      expect(await outcomes(false)).toEqual(["unchanged", "unchanged"]);
      expect(await setOf(other)).toMatchObject({
        version: 1,
        proposal: {
          basis: { kind: "imported" },
          targets: [
            { metricId: "revenue-won", target: 45_000.5, floor: 5_000 },
            { metricId: "sales-cycle", target: 30 },
          ],
        },
      });
    });

    it("are no file without its columns, and nobody's but the tenant's who propose", async () => {
      expect(await file("partner,target\nSouthwind,1", true)).toMatchObject({
        status: 422,
        answer: { detail: 'The header lacks the column "metric_id"' },
      });
      expect(await file(good(), true, tokens.viewer)).toMatchObject({ status: 403 });
      expect(await file(good(), true, tokens.foreign)).toMatchObject({
        status: 422,
        answer: { code: "target-program-missing" },
      });
    });

    it("wait in the inbox of whoever can acknowledge them, until they do", async () => {
      const waiting = async (token: string) => {
        const { answer } = await send("/me/inbox", { token });
        const { items } = (answer["items"] as { items: Record<string, unknown>[] }[])[0] ?? {};
        return (items ?? [])
          .filter(({ kind }) => kind === "target-acknowledgement")
          .map(({ text, dueAt }) => `${text} until ${dueAt}`);
      };
      const until = "until 2027-10-01T11:00:00.000Z";
      expect(await waiting(tokens.neighbour)).toEqual([`Southwind from 2027-Q4 on ${until}`]);
      expect(await waiting(tokens.manager)).toContain(`Southwind from 2027-Q4 on ${until}`);
      expect(await waiting(managersManager)).toEqual([]);
      expect(await waiting(tokens.viewer)).toEqual([]);
      const key = { partnerId: other.partner.partnerId, programId: own.program.programId };
      const path = `/partners/${key.partnerId}/targets/${key.programId}/2027-Q4/acknowledge`;
      await send(path, { token: tokens.neighbour, version: 1 });
      expect(await waiting(tokens.neighbour)).toEqual([]);
      expect(await waiting(tokens.manager)).toContain(`Southwind from 2027-Q4 on ${until}`);
    });
  });

  it("are suggested from the same quarter a year before, and nothing of it is kept", async () => {
    const path = `${pathOf(own, "2028-Q2")}/suggestion?growthPercent=5`;
    const { status, answer } = await send(path);
    expect(status).toBe(200);
    expect(answer).toMatchObject({ yearBefore: NEXT, growthPercent: 5 });
    const targets = answer["targets"] as Record<string, unknown>[];
    // 50,000 × 1.05
    expect(targets.find(({ metricId }) => metricId === "revenue-won")).toMatchObject({
      ...{ value: "50000", target: "52500", floor: "20000", reason: null },
    });
    expect(targets.find(({ metricId }) => metricId === "sales-cycle")).toMatchObject({
      ...{ value: null, target: null },
      reason: expect.any(String),
    });
    expect((await send(pathOf(own, "2028-Q2"))).answer).toMatchObject({ version: 0 });
    expect(await send(path, { token: tokens.exec })).toMatchObject({ status: 403 });
    expect(await send(path, { token: tokens.foreign })).toMatchObject({ status: 404 });
  });

  it("of a program that requires them leave a partner without them unrated, and say so", async () => {
    const manager = other.as(other.members.programManager);
    const { programId } = other.program;
    const drafted = await updateProgramDraft(manager, {
      ...{ programId, ifVersion: 2 },
      changes: { requiresAgreedTargets: true },
    });
    const input = { programId, ifVersion: drafted.version, effectiveFrom: NEXT };
    await publishProgram(manager, input);
    const path = `/partners/${other.partner.partnerId}/scorecards/${NEXT}?programId=${programId}`;
    const { answer } = await send(path);
    const { card } = answer as { card: { rating: { reasons: string[] } } };
    expect(card.rating.reasons[0]).toMatch(/^No targets were agreed/);
    await propose(0, { targets: [] }, other);
    await acknowledge(tokens.neighbour, 1, other);
    await acknowledge(tokens.manager, 2, other);
    const agreed = (await send(path)).answer as typeof answer & { card: typeof card };
    expect(agreed.card.rating.reasons[0]).not.toMatch(/agreed/);
  });

  async function liveCard(period = NEXT) {
    const { partner, program } = own;
    const path = `/partners/${partner.partnerId}/scorecards/${period}?programId=${program.programId}`;
    const { status, answer } = await send(path);
    expect(status).toBe(200);
    return answer["card"] as { metrics: Record<string, unknown>[]; agreedTargets?: unknown };
  }
});
