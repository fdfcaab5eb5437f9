import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/** Where the data of `dev` lives when nothing else is said; ignored by git. */
export const DEFAULT_DATA_FOLDER = ".concord";

const LAYOUT_VERSION = 1;

const EngineRecord = z.object({
  pid: z.int().positive(),
  command: z.array(z.string()).min(1),
  port: z.int().positive(),
});

const RuntimeRecord = z.object({
  pid: z.int().positive(),
  engine: EngineRecord.optional(),
});

export type DataFolder = {
  path: string;
  /** Folder of the engine's files. */
  enginePath: string;
  /** The runtime's own durable state; each part of the runtime keeps tables of its own in it. */
  database: DatabaseSync;
  /** The engine that the last run recorded, which may still be there after a kill. */
  recordedEngine: () => z.infer<typeof EngineRecord> | undefined;
  recordEngine: (engine: { pid: number; command: readonly string[]; port: number }) => void;
  /** Gives the folder free for the next runtime. */
  close: () => void;
};

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function read(file: string): z.infer<typeof RuntimeRecord> | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  try {
    return RuntimeRecord.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      `${file} is damaged: ${reasonOf(error)}. Make sure that no runtime uses this folder, and remove the file.`,
    );
  }
}

/** A rename is whole or not at all, so that a kill never leaves half a record. */
function write(file: string, record: z.infer<typeof RuntimeRecord>): void {
  writeFileSync(`${file}.new`, JSON.stringify(record));
  renameSync(`${file}.new`, file);
}

/** The lock is the operating system's, on the open file: it ends with the process, even when that is killed. */
function openState(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;");
    database.exec("BEGIN IMMEDIATE; COMMIT;");
    const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version > LAYOUT_VERSION) throw new Error(`it was written by a newer version (${version})`);
    database.exec(`PRAGMA user_version = ${LAYOUT_VERSION}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const isLocked = (error: unknown) =>
  error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === 5;

/**
 * Opens, or makes, the folder with everything a local runtime keeps. One runtime has it at a time; what a killed one
 * left is taken over.
 *
 * @throws when another runtime has it, and when it or what is in it cannot be used, saying why.
 */
export function openDataFolder(folder: string = DEFAULT_DATA_FOLDER): DataFolder {
  const path = resolve(folder);
  const enginePath = join(path, "engine");
  const runtimeFile = join(path, "runtime.json");
  try {
    mkdirSync(enginePath, { recursive: true });
  } catch (error) {
    throw new Error(`The data folder ${path} cannot be used: ${reasonOf(error)}`);
  }
  let database: DatabaseSync;
  try {
    database = openState(join(path, "state.sqlite"));
  } catch (error) {
    if (isLocked(error)) {
      throw new Error(
        `The data folder ${path} is in use by process ${read(runtimeFile)?.pid ?? "unknown"}. Stop it, or choose another folder.`,
      );
    }
    throw new Error(
      `The data folder ${path} is damaged: state.sqlite: ${reasonOf(error)}. Remove it to start over, or choose another folder.`,
    );
  }
  let recorded: z.infer<typeof EngineRecord> | undefined;
  try {
    recorded = read(runtimeFile)?.engine;
    write(runtimeFile, { pid: process.pid, ...(recorded ? { engine: recorded } : {}) });
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    path,
    enginePath,
    database,
    recordedEngine: () => recorded,
    recordEngine: ({ pid, command, port }) => {
      recorded = { pid, command: [...command], port };
      write(runtimeFile, { pid: process.pid, engine: recorded });
    },
    close: () => database.close(),
  };
}
