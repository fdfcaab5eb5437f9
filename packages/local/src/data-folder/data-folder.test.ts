import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect, isPortFree, isRunning, startEngine } from "../engine/index.ts";
import { openDataFolder, startDurableEngine } from "./index.ts";

function emptyFolder() {
  const path = mkdtempSync(join(tmpdir(), "concord-data-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const fixture = new URL("./runtime.fixture.ts", import.meta.url).pathname;
const TABLE = "concord";
const tenantA = { pk: "T#a#PARTNER", sk: "P1" };
const tenantB = { pk: "T#b#PARTNER", sk: "P1" };

async function runtimeProcess(path: string) {
  const child: ChildProcess = spawn(process.execPath, [fixture, path, TABLE], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const [line] = await Promise.race([once(child.stdout ?? child, "data"), once(child, "exit")]);
  const [, pid, endpoint] = /^ready (\d+) (\S+)/.exec(String(line)) ?? [];
  if (!pid || !endpoint) throw new Error(`unexpected: ${line}`);
  return { child, enginePid: Number(pid), endpoint };
}

const recordedEngine = (path: string) =>
  JSON.parse(readFileSync(join(path, "runtime.json"), "utf8")).engine;

async function until(condition: () => boolean) {
  for (let polls = 0; polls < 500; polls += 1) {
    if (condition()) return true;
    await wait(10);
  }
  return false;
}

describe("a data folder", () => {
  it("belongs to one runtime at a time, and says who has it", async () => {
    const path = emptyFolder();
    const { child } = await runtimeProcess(path);
    expect(() => openDataFolder(path)).toThrow(`in use by process ${child.pid}`);
    const first = openDataFolder(emptyFolder());
    first.close();
  });

  it("is free again when it was closed", () => {
    const path = emptyFolder();
    openDataFolder(path).close();
    const again = openDataFolder(path);
    onTestFinished(() => again.close());
    expect(again.recordedEngine()).toBeUndefined();
  });

  it("cannot be a file", () => {
    const file = join(emptyFolder(), "file");
    writeFileSync(file, "");
    expect(() => openDataFolder(file)).toThrow(`The data folder ${file} cannot be used`);
  });

  it("with a damaged state is refused by name", () => {
    const path = emptyFolder();
    writeFileSync(join(path, "state.sqlite"), "no database at all ".repeat(1000));
    expect(() => openDataFolder(path)).toThrow(`The data folder ${path} is damaged: state.sqlite`);
  });

  it("with a damaged record of the runtime is refused, and free for the next try", () => {
    const path = emptyFolder();
    writeFileSync(join(path, "runtime.json"), "{");
    expect(() => openDataFolder(path)).toThrow("runtime.json is damaged");
    rmSync(join(path, "runtime.json"));
    openDataFolder(path).close();
  });
});

describe("the durable engine", () => {
  it.each(["SIGKILL", "SIGINT", "SIGTERM"] as const)(
    "ends with its runtime on %s, loses nothing and starts again",
    async (signal) => {
      const path = emptyFolder();
      const { child, enginePid, endpoint } = await runtimeProcess(path);
      const { documentClient } = connect(endpoint);
      for (const [Key, name] of [
        [tenantA, "Northwind"],
        [tenantB, "Contoso"],
      ] as const) {
        await documentClient.send(new PutCommand({ TableName: TABLE, Item: { ...Key, name } }));
      }
      const engine = recordedEngine(path);
      expect(engine.pid).toBe(enginePid);
      expect(isRunning(engine)).toBe(true);
      child.kill(signal);
      expect(await until(() => !isRunning(engine))).toBe(true);

      const folder = openDataFolder(path);
      onTestFinished(() => folder.close());
      const again = await startDurableEngine(folder);
      onTestFinished(() => again.stop());
      const read = connect(again.endpoint).documentClient;
      const names = await Promise.all(
        [tenantA, tenantB].map((Key) => read.send(new GetCommand({ TableName: TABLE, Key }))),
      );
      expect(names.map(({ Item }) => Item?.["name"])).toEqual(["Northwind", "Contoso"]);
    },
  );

  it("that was left behind is ended before the next one starts", async () => {
    const path = emptyFolder();
    const folder = openDataFolder(path);
    onTestFinished(() => folder.close());
    const leftover = await startEngine({ folder: folder.enginePath, onSpawn: folder.recordEngine });
    onTestFinished(() => leftover.stop());
    const old = leftover.process;
    if (!old) throw new Error("no process");
    const engine = await startDurableEngine(folder, { port: old.port });
    onTestFinished(() => engine.stop());
    expect(isRunning(old)).toBe(false);
    expect(engine.process?.pid).not.toBe(old.pid);
    expect(folder.recordedEngine()?.pid).toBe(engine.process?.pid);
  });

  it("does not touch a stranger who has the recorded process number", async () => {
    const stranger = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    onTestFinished(() => {
      stranger.kill("SIGKILL");
    });
    await once(stranger, "spawn");
    const folder = openDataFolder(emptyFolder());
    onTestFinished(() => folder.close());
    folder.recordEngine({ pid: stranger.pid ?? 0, command: ["dynoxide", "serve"], port: 8000 });
    const engine = await startDurableEngine(folder);
    onTestFinished(() => engine.stop());
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });

  it("reports a stranger on the requested port and leaves it alone", async () => {
    const stranger = createServer().listen(0, "127.0.0.1");
    await once(stranger, "listening");
    onTestFinished(() => {
      stranger.close();
    });
    const address = stranger.address();
    const port = address && typeof address === "object" ? address.port : 0;
    const folder = openDataFolder(emptyFolder());
    onTestFinished(() => folder.close());
    await expect(startDurableEngine(folder, { port })).rejects.toThrow(
      `Port ${port} is in use by another program`,
    );
    expect(stranger.listening).toBe(true);
  });

  it("refuses a damaged database by name", async () => {
    const folder = openDataFolder(emptyFolder());
    onTestFinished(() => folder.close());
    const file = join(folder.enginePath, "table.sqlite");
    writeFileSync(file, "no database at all ".repeat(1000));
    await expect(startDurableEngine(folder)).rejects.toThrow(`The database ${file} is damaged`);
  });

  it("does not hide another engine's data behind an empty table", async () => {
    const folder = openDataFolder(emptyFolder());
    onTestFinished(() => folder.close());
    writeFileSync(join(folder.enginePath, "shared-local-instance.db"), "");
    await expect(startDurableEngine(folder, { kind: "dynoxide" })).rejects.toThrow(
      "was written by dynamodb-local, but dynoxide is what is installed",
    );
  });

  it("leaves its port when it is stopped", async () => {
    const folder = openDataFolder(emptyFolder());
    onTestFinished(() => folder.close());
    const engine = await startDurableEngine(folder);
    await connect(engine.endpoint)
      .documentClient.send(new GetCommand({ TableName: "none", Key: tenantA }))
      .catch(() => undefined);
    await engine.stop();
    expect(await isPortFree(engine.process?.port ?? 0)).toBe(true);
  });

  it("is whatever an endpoint says, when one is given", async () => {
    const folder = openDataFolder(emptyFolder());
    onTestFinished(() => folder.close());
    const engine = await startDurableEngine(folder, { endpoint: "http://127.0.0.1:9" });
    expect(engine).toMatchObject({ kind: "endpoint", endpoint: "http://127.0.0.1:9" });
    expect(folder.recordedEngine()).toBeUndefined();
  });
});
