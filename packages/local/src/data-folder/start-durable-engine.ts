import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  type Consumed,
  checkDatabase,
  databaseFile,
  type Engine,
  type EngineOptions,
  isPortFree,
  resolveEngine,
  startEngine,
  stopLeftover,
  trimStreamHistory,
} from "../engine/index.ts";
import type { DataFolder } from "./open-data-folder.ts";

function prepareDatabase(file: string, consumed: readonly Consumed[]): void {
  if (!existsSync(file)) return;
  try {
    checkDatabase(file);
  } catch (error) {
    throw new Error(
      `The database ${file} is damaged: ${error instanceof Error ? error.message : String(error)}. ` +
        "Put back a copy, or remove the data folder to start with an empty one.",
    );
  }
  trimStreamHistory(file, consumed);
}

const files = { dynoxide: "table.sqlite", "dynamodb-local": "shared-local-instance.db" };

/** Each engine would show the other one's data as an empty table. */
function refuseForeignFiles(enginePath: string, kind: "dynoxide" | "dynamodb-local"): void {
  const other = kind === "dynoxide" ? "dynamodb-local" : "dynoxide";
  if (!existsSync(join(enginePath, files[other])) || existsSync(join(enginePath, files[kind])))
    return;
  throw new Error(
    `The data in ${enginePath} was written by ${other}, but ${kind} is what is installed. Install ${other} again, or choose another data folder.`,
  );
}

/**
 * Starts the engine on the files of a data folder: ends what a killed run left, trims the stream history that every
 * consumer has behind it, and refuses damaged files. With an `endpoint`, nothing of this is needed.
 *
 * @throws when the requested port belongs to another program, naming it, and when the files are damaged.
 */
export async function startDurableEngine(
  folder: DataFolder,
  options: Omit<EngineOptions, "folder" | "onSpawn"> & { consumed?: readonly Consumed[] } = {},
): Promise<Engine> {
  const { consumed = [], ...engineOptions } = options;
  const { kind } = resolveEngine(engineOptions);
  if (kind === "endpoint") return startEngine(engineOptions);
  refuseForeignFiles(folder.enginePath, kind);
  const leftover = folder.recordedEngine();
  if (leftover) await stopLeftover(leftover, engineOptions.sleep ?? wait);
  if (engineOptions.port !== undefined && !(await isPortFree(engineOptions.port))) {
    throw new Error(
      `Port ${engineOptions.port} is in use by another program. Stop it, or choose another port.`,
    );
  }
  prepareDatabase(databaseFile(folder.enginePath), consumed);
  return startEngine({
    ...engineOptions,
    folder: folder.enginePath,
    onSpawn: folder.recordEngine,
  });
}
