import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { type EngineKind, type EngineProgram, resolveEngine } from "./resolve-engine.ts";
import { spawnTied, type TiedProcess } from "./spawn-tied.ts";

export type Engine = {
  endpoint: string;
  kind: EngineKind;
  /** Of the process started here; absent for an endpoint that was given. */
  pid?: number;
  command?: readonly string[];
  /** Ends the engine and waits until it is gone; does nothing to an endpoint that was given. */
  stop: () => Promise<void>;
};

export type EngineOptions = {
  /** The value of DYNAMODB_ENDPOINT, when there is one. */
  endpoint?: string | undefined;
  kind?: Exclude<EngineKind, "endpoint"> | undefined;
  /** Folder of the engine's files; without it everything is in memory. */
  folder?: string | undefined;
  /** A free one is chosen without it. */
  port?: number | undefined;
  sleep?: (milliseconds: number) => Promise<unknown>;
};

const POLL_MILLISECONDS = 5;
const START_LIMIT_MILLISECONDS = 30_000;

/** The one file of a dynoxide database inside the engine's folder. */
export const databaseFile = (folder: string): string => join(folder, "table.sqlite");

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
  return fetch(endpoint).then(
    async (answer) => (await answer.arrayBuffer()).byteLength >= 0,
    () => false,
  );
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

async function launch(
  program: Exclude<EngineProgram, { kind: "endpoint" }>,
  port: number,
  { folder, sleep = wait }: EngineOptions,
): Promise<Engine> {
  const endpoint = `http://127.0.0.1:${port}`;
  const command = commandOf(program, port, folder);
  const child = await spawnTied(command);
  await untilReady(child, program.kind, endpoint, sleep);
  return { endpoint, kind: program.kind, pid: child.pid, command, stop: child.stop };
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
