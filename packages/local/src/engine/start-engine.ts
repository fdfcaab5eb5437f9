import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { isAnswered } from "./request-handler.ts";
import { type EngineKind, type EngineProgram, resolveEngine } from "./resolve-engine.ts";
import { spawnTied, type TiedProcess } from "./spawn-tied.ts";
import { databaseFile, indexStreamHistory } from "./stream-history.ts";

export type Engine = {
  endpoint: string;
  kind: EngineKind;
  /** Absent for an endpoint that was given. */
  process?: EngineProcess;
  /** Ends the engine and waits until it is gone; does nothing to an endpoint that was given. */
  stop: () => Promise<void>;
};

export type EngineOptions = {
  /** The value of DYNAMODB_ENDPOINT, when there is one. */
  endpoint?: string | undefined;
  kind?: Exclude<EngineKind, "endpoint"> | undefined;
  /** Folder of the engine's files. Without it the data lives in memory and ends with the engine. */
  folder?: string | undefined;
  /** A free one is chosen without it. */
  port?: number | undefined;
  sleep?: (milliseconds: number) => Promise<unknown>;
  /** Told of the process before it is asked for the first time. */
  onSpawn?: (engineProcess: EngineProcess) => void;
};

/** What identifies a running engine to a later start. */
export type EngineProcess = { pid: number; command: readonly string[]; port: number };

const POLL_MILLISECONDS = 5;
const START_LIMIT_MILLISECONDS = 30_000;

function commandOf(
  program: Exclude<EngineProgram, { kind: "endpoint" }>,
  port: number,
  folder: string | undefined,
): string[] {
  if (program.kind === "dynoxide") {
    const storage = folder ? ["--db-path", databaseFile(folder)] : [];
    return [program.binary, "serve", "--host", "127.0.0.1", "--port", `${port}`, ...storage];
  }
  const jar = join(program.folder, "DynamoDBLocal.jar");
  const library = `-Djava.library.path=${join(program.folder, "DynamoDBLocal_lib")}`;
  const storage = folder ? ["-dbPath", folder] : ["-inMemory"];
  // Without -sharedDb each access key gets a database of its own.
  const flags = ["-sharedDb", "-disableTelemetry", "-port", `${port}`];
  return [program.java, library, "-jar", jar, ...flags, ...storage];
}

/** dynoxide says that it listens; an answer alone could come from a stranger on the same port. */
async function isReady(child: TiedProcess, kind: EngineKind, endpoint: string): Promise<boolean> {
  if (kind === "dynoxide" && !child.output().includes("listening on")) return false;
  return isAnswered(endpoint);
}

async function untilReady(
  child: TiedProcess,
  kind: EngineKind,
  endpoint: string,
  sleep: (milliseconds: number) => Promise<unknown>,
): Promise<void> {
  for (let waited = 0; waited < START_LIMIT_MILLISECONDS; waited += POLL_MILLISECONDS) {
    if (child.hasExited()) break;
    if ((await isReady(child, kind, endpoint)) && !child.hasExited()) return;
    await sleep(POLL_MILLISECONDS);
  }
  await child.stop();
  throw new Error(`The DynamoDB engine (${kind}) did not start: ${child.output().trim()}`);
}

/** dynoxide's own in-memory mode cannot be indexed, so its file goes where files are memory. */
function temporaryFolder(kind: EngineKind): string | undefined {
  if (kind !== "dynoxide") return undefined;
  const memory = "/dev/shm";
  return mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), "concord-engine-"));
}

/** DynamoDB Local loses acknowledged writes when it is killed, so it gets time to end by itself. */
const graceMilliseconds = { dynoxide: 1000, "dynamodb-local": 15_000 };

async function launch(
  program: Exclude<EngineProgram, { kind: "endpoint" }>,
  port: number,
  options: EngineOptions,
): Promise<Engine> {
  const temporary = options.folder ? undefined : temporaryFolder(program.kind);
  const folder = options.folder ?? temporary;
  const endpoint = `http://127.0.0.1:${port}`;
  const command = commandOf(program, port, folder);
  const child = await spawnTied(command, {
    graceMilliseconds: graceMilliseconds[program.kind],
    ...(temporary ? { temporaryFolder: temporary } : {}),
  });
  const engineProcess = { pid: child.pid, command, port };
  options.onSpawn?.(engineProcess);
  await untilReady(child, program.kind, endpoint, options.sleep ?? wait);
  try {
    if (program.kind === "dynoxide" && folder) indexStreamHistory(databaseFile(folder));
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { endpoint, kind: program.kind, process: engineProcess, stop: child.stop };
}

/**
 * Starts the DynamoDB engine as a child process, which ends with this process whatever happens to it.
 *
 * @throws when no engine is installed, when it does not come up, and when a requested port is taken.
 */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const program = resolveEngine(options);
  if (program.kind === "endpoint") {
    return { endpoint: program.endpoint, kind: "endpoint", stop: async () => undefined };
  }
  if (options.port !== undefined) return launch(program, options.port, options);
  // Between finding a free port and listening on it, somebody else may take it.
  try {
    return await launch(program, await freePort(), options);
  } catch {
    return await launch(program, await freePort(), options);
  }
}
