import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import type { Child } from "./child.fixture.ts";
import { devs, READY } from "./dev.fixture.ts";

const DAY_MS = 86_400_000;

const { newFolder, start } = devs();
const dev = (folder: string) => start(["--port", "0", "--data", folder]);

/** A list or a problem, whichever it was. */
type AnyBody = Record<string, unknown> & {
  readonly items: readonly { readonly partnerId: string }[];
};

describe("dev, as somebody meets it who wants to write a client", { timeout: 120_000 }, () => {
  const folder = newFolder();
  let child: Child;
  let url: string;
  let text: string;

  /** As printed: a way to log in, and what to try with it. */
  const lines = () =>
    text
      .split("Three requests to try:\n")[1]
      ?.split("\n")
      .slice(0, 3)
      .map((line) => line.trim()) ?? [];

  const loginsOf = (printed: string) =>
    [...printed.matchAll(/^ {2}(\S+@\S+) +(.+)$/gm)].map(([, email = "", role = ""]) => ({
      email,
      role,
    }));

  /** A problem without what differs from request to request. */
  const said = ({ requestId: _, instance: __, ...problem }: AnyBody) => problem;

  async function as(role: RegExp) {
    const login = loginsOf(text).find((one) => role.test(one.role));
    const password = /all with the password "([^"]+)"/.exec(text)?.[1];
    const answer = await fetch(`${url}/v1/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: login?.email, password }),
    });
    expect(answer.status).toBe(200);
    const { accessToken } = (await answer.json()) as { accessToken: string };
    return async (path: string, init: RequestInit = {}) => {
      const json = init.body ? { "content-type": "application/json" } : {};
      const headers = { ...init.headers, ...json, authorization: `Bearer ${accessToken}` };
      const got = await fetch(`${url}${path}`, { ...init, headers });
      return { status: got.status, body: (await got.json()) as AnyBody };
    };
  }

  const clock = async (now?: string) => {
    const answer = await fetch(`${url}/dev/clock`, {
      ...(now === undefined ? {} : { method: "POST", body: JSON.stringify({ now }) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };

  beforeAll(async () => {
    child = dev(folder);
    text = (await child.until(READY))[0];
    url = READY.exec(text)?.[1] ?? "";
  }, 120_000);

  it("P-14 prints log-ins that all work", async () => {
    expect(loginsOf(text).map(({ role }) => role)).toEqual([
      "owner",
      "program manager",
      "data steward",
      expect.stringMatching(/^partner manager of /),
      expect.stringMatching(/^executive of /),
      "owner of another tenant",
    ]);
    for (const { role } of loginsOf(text)) {
      const get = await as(new RegExp(`^${role}$`));
      expect((await get("/v1/partners")).status).toBe(200);
    }
  });

  it("prints three requests that work as they are", async () => {
    const commands = lines();
    expect(commands).toHaveLength(3);
    const answered = await promisify(execFile)("sh", [
      "-c",
      [...commands.slice(0, 2), "echo", commands[2]].join("\n"),
    ]);
    const [ranking, card] = answered.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(ranking.items).toHaveLength(8);
    const ranked = ranking.items.filter(({ rank }: { rank: unknown }) => typeof rank === "number");
    expect(ranked.length).toBeGreaterThan(3);
    expect(card.card.metrics.length).toBeGreaterThan(5);
    expect(card.explanation.metrics).toHaveLength(card.card.metrics.length);
  });

  it("shows a partner its own card and no other, and not even that there is another", async () => {
    const [, partnerId = "", period = ""] =
      /partners\/(ptr_\w+)\/scorecards\/(\S+?)\?/.exec(text) ?? [];
    const vendor = await as(/^program manager$/);
    const partner = await as(/^executive of /);
    const { body } = await vendor("/v1/partners");
    const other = body.items.find((one) => one.partnerId !== partnerId);
    expect((await partner(`/v1/partners/${partnerId}/scorecards/${period}`)).status).toBe(200);
    const refused = await partner(`/v1/partners/${other?.partnerId}/scorecards/${period}`);
    const missing = await partner(`/v1/partners/ptr_${"0".repeat(26)}/scorecards/${period}`);
    expect(refused).toMatchObject({ status: 404, body: { code: "partner-not-found" } });
    expect(said(refused.body)).toEqual(said(missing.body));
    expect((await vendor(`/v1/partners/${other?.partnerId}/scorecards/${period}`)).status).toBe(
      200,
    );
    const own = await partner("/v1/partners");
    expect(own.body.items).toMatchObject([{ partnerId }]);
  });

  it("shows another tenant nothing of it", async () => {
    const [, partnerId = "", period = ""] =
      /partners\/(ptr_\w+)\/scorecards\/(\S+?)\?/.exec(text) ?? [];
    const stranger = await as(/^owner of another tenant$/);
    const { body } = await stranger("/v1/partners");
    expect(body.items).toMatchObject([{ name: "Lanternfield Reselling" }]);
    expect((await stranger(`/v1/rankings/${period}`)).body.items).toEqual([]);
    const nobody = `ptr_${"0".repeat(26)}`;
    for (const path of ["", `/scorecards/${period}`, "/users"]) {
      const foreign = await stranger(`/v1/partners/${partnerId}${path}`);
      const missing = await stranger(`/v1/partners/${nobody}${path}`);
      expect(foreign.status).toBe(404);
      expect(said(foreign.body)).toEqual(said(missing.body));
    }
  });

  it("moves the business clock on, never back, and opens the cycle that is due by then", async () => {
    const before = Date.parse((await clock()).body["now"] ?? "");
    const later = new Date(before + 100 * DAY_MS).toISOString();
    expect(await clock(later)).toMatchObject({ status: 200 });
    expect(Date.parse((await clock()).body["now"] ?? "")).toBeGreaterThanOrEqual(Date.parse(later));
    const back = await clock(new Date(before).toISOString());
    expect(back).toMatchObject({ status: 409, body: { status: 409 } });
    expect(back.body["detail"]).toContain("cannot go back");
    expect(await clock("tomorrow")).toMatchObject({ status: 400 });
    expect(await clock("x".repeat(200_000))).toMatchObject({ status: 400 });
    const owner = await as(/^owner$/);
    await expect
      .poll(async () => (await owner("/v1/review-cycles")).body.items.length, {
        timeout: 30_000,
        interval: 200,
      })
      .toBeGreaterThan(0);
  });

  it.each([
    {
      mistake: "no token",
      path: "/v1/partners",
      init: {},
      status: 401,
      says: /POST \/v1\/login.*Authorization: Bearer/,
    },
    {
      mistake: "an address without /v1",
      path: "/partners",
      init: {},
      status: 404,
      says: /\/openapi\.json/,
    },
    {
      mistake: "broken JSON",
      path: "/v1/login",
      init: { method: "POST", headers: { "content-type": "application/json" }, body: '{"email":' },
      status: 400,
      says: /not JSON/,
    },
    {
      mistake: "a form",
      path: "/v1/login",
      init: { method: "POST", body: new URLSearchParams({ email: "a@b.example" }) },
      status: 415,
      says: /application\/json/,
    },
    {
      mistake: "a member that is missing",
      path: "/v1/login",
      init: {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"email":"a@b.example"}',
      },
      status: 400,
      says: /"\/password","detail":"is required"/,
    },
    {
      mistake: "another method",
      path: "/v1/login",
      init: {},
      status: 405,
      says: /method/,
    },
  ])("says what is wrong with $mistake", async ({ path, init, status, says }) => {
    const answer = await fetch(`${url}${path}`, init);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toMatch("application/problem+json");
    expect(await answer.text()).toMatch(says);
  });

  it.each([
    { mistake: "a list that is too long", path: "?limit=1000", status: 400, says: /<=100/ },
    {
      mistake: "an unknown parameter",
      path: "?page=2",
      status: 400,
      says: /query:page.*not a param/,
    },
    { mistake: "an id of another kind", path: "/123", status: 400, says: /must be a ptr_… id/ },
    {
      mistake: "an ETag without its quotes",
      path: `/ptr_${"0".repeat(26)}`,
      init: { method: "PATCH", headers: { "if-match": "3" }, body: '{"region":"West"}' },
      status: 412,
      says: /quotes included/,
    },
    {
      mistake: "no ETag",
      path: `/ptr_${"0".repeat(26)}`,
      init: { method: "PATCH", body: '{"region":"West"}' },
      status: 428,
      says: /Send the ETag/,
    },
  ])("says to somebody logged in what is wrong with $mistake", async (one) => {
    const get = await as(/^program manager$/);
    const { status, body } = await get(`/v1/partners${one.path}`, one.init);
    expect(status).toBe(one.status);
    expect(JSON.stringify(body)).toMatch(one.says);
  });

  it("refuses its data folder to another runtime, and tells whose it is", async () => {
    const second = dev(folder);
    expect(await second.end()).toBe(1);
    expect(second.output()).toContain(`in use by process ${child.pid}. Stop it, or choose another`);
  });

  it("writes no token, password or address into its log", () => {
    const log = readFileSync(join(folder, "log.jsonl"), "utf8");
    expect(log.split("\n").length).toBeGreaterThan(20);
    for (const line of log.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("message");
    expect(log).not.toMatch(/@|eyJ|Bearer|a password of the demo/);
    for (const { email } of loginsOf(text)) expect(log).not.toContain(email.split("@")[0]);
  });

  it("P-10 ends with Ctrl-C, keeps everything, and is there at once next time", async () => {
    const ranked = (await (await as(/^owner$/))("/v1/partners")).body;
    const reached = (await clock()).body["now"] ?? "";
    expect(await child.end("SIGINT")).toBe(0);
    expect(child.output()).toMatch(/Stopping …\n$/);

    child = dev(folder);
    const before = text;
    text = (await child.until(READY))[0];
    url = READY.exec(text)?.[1] ?? "";
    expect(child.output()).not.toContain("Setting up");
    expect(loginsOf(text)).toEqual(loginsOf(before));
    expect((await (await as(/^owner$/))("/v1/partners")).body).toEqual(ranked);
    expect(Date.parse((await clock()).body["now"] ?? "")).toBeGreaterThanOrEqual(
      Date.parse(reached),
    );
  });

  it("does not wait for ever for a request that never ends", async () => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "connect");
    socket.write("POST /v1/login HTTP/1.1\r\nhost: concord\r\ncontent-length: 100\r\n\r\n{");
    const since = performance.now();
    expect(await child.end("SIGTERM")).toBe(0);
    expect(performance.now() - since).toBeLessThan(20_000);
    socket.destroy();
  });

  it("says so when its engine dies, and ends", async () => {
    child = dev(folder);
    await child.until(READY);
    const { engine } = JSON.parse(readFileSync(join(folder, "runtime.json"), "utf8"));
    process.kill(engine.pid, "SIGKILL");
    expect(await child.end()).toBe(1);
    expect(child.output()).toContain("its DynamoDB engine has ended. Start it again");
  });
});
