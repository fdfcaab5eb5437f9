import {
  ACME,
  answerOf,
  GLOBEX,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

const MONTHLY = { cadence: "monthly", reason: "Prices move every week", endsOn: "2027-09-10" };

describe("the cadence of a single partner", () => {
  let api: TestApi;
  let own: TestPartnership;
  let foreign: TestPartnership;
  let tokens: Record<"manager" | "viewer" | "user" | "neighbour" | "foreign", string>;

  const send = async (
    method: "GET" | "PUT" | "DELETE",
    {
      token = tokens.manager,
      of = own,
      ...more
    }: {
      token?: string;
      version?: number;
      body?: unknown;
      of?: TestPartnership;
    } = {},
  ) => {
    const path = `/v1/partners/${of.partner.partnerId}/cadence/${of.program.programId}`;
    const { body, ...head } = await answerOf(await api.request(path, { method, token, ...more }));
    return { ...head, answer: body as Record<string, unknown> };
  };

  beforeAll(async () => {
    api = await testApi();
    own = await testPartnership(api.store, ACME);
    const other = await testPartnership(api.store, ACME, { name: "Southwind" });
    foreign = await testPartnership(api.store, GLOBEX);
    const of = ({ partner }: TestPartnership) =>
      api.partnerUser(ACME, partner.partnerId, "partner-user").then(({ token }) => token);
    tokens = {
      manager: (await api.member(ACME, "program-manager")).token,
      viewer: (await api.member(ACME, "viewer")).token,
      user: await of(own),
      neighbour: await of(other),
      foreign: (await api.member(GLOBEX, "owner")).token,
    };
  });

  it("is the program's until somebody decides otherwise", async () => {
    expect(await send("GET", { token: tokens.user })).toMatchObject({
      status: 200,
      etag: '"0"',
      answer: { cadence: "quarterly", says: "program", decided: null, version: 0 },
    });
  });

  it.each<[string, () => ReturnType<typeof send>, number, string]>([
    [
      "a viewer",
      () => send("PUT", { token: tokens.viewer, version: 0, body: MONTHLY }),
      403,
      "permission-denied",
    ],
    [
      "the partner itself",
      () => send("PUT", { token: tokens.user, version: 0, body: MONTHLY }),
      403,
      "permission-denied",
    ],
    ["another partner", () => send("GET", { token: tokens.neighbour }), 404, "partner-not-found"],
    ["another tenant", () => send("GET", { token: tokens.foreign }), 404, "partner-not-found"],
    [
      "a foreign program",
      () => send("GET", { of: { ...own, program: foreign.program } }),
      404,
      "program-version-not-found",
    ],
    ["no version", () => send("PUT", { body: MONTHLY }), 428, "version-required"],
    ["a stale version", () => send("PUT", { version: 7, body: MONTHLY }), 412, "version-stale"],
    [
      "no reason",
      () => send("PUT", { version: 0, body: { cadence: "monthly" } }),
      400,
      "request-invalid",
    ],
    [
      "another length",
      () => send("PUT", { version: 0, body: { ...MONTHLY, cadence: "weekly" } }),
      400,
      "request-invalid",
    ],
    [
      "an end before it can act",
      () => send("PUT", { version: 0, body: { ...MONTHLY, endsOn: "2027-01-31" } }),
      422,
      "cadence-never-acts",
    ],
    ["an end of nothing", () => send("DELETE", { version: 0 }), 404, "cadence-not-decided"],
  ])("refuses %s", async (_, request, status, code) => {
    expect(await request()).toMatchObject({ status, answer: { code } });
  });

  it("S-06 acts from the next boundary on, says when what was before is back, and ends on demand", async () => {
    const set = await send("PUT", { version: 0, body: MONTHLY });
    expect(set).toMatchObject({
      status: 200,
      etag: '"1"',
      answer: {
        running: "2027-Q1",
        decided: {
          ...MONTHLY,
          ...{ effectiveFrom: "2027-M04", returnsFrom: "2027-Q4" },
        },
      },
    });
    expect(await send("GET", { token: tokens.user })).toMatchObject({ answer: set.answer });
    expect(await send("PUT", { version: 0, body: MONTHLY })).toMatchObject({ status: 412 });
    const ended = await send("DELETE", { version: 1 });
    expect(ended).toMatchObject({ status: 200, answer: { decided: null, version: 2 } });
    expect(ended.answer["coming"]).toEqual([
      ...["2027-Q2", "2027-Q3", "2027-Q4", "2028-Q1", "2028-Q2", "2028-Q3"],
    ]);
    expect(await send("DELETE", { version: 1 })).toMatchObject({ status: 412 });
    expect(await send("GET", { token: tokens.foreign, of: foreign })).toMatchObject({
      answer: { decided: null, version: 0 },
    });
  });
});
