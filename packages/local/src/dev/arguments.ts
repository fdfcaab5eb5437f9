import { parseArgs } from "node:util";
import { DEFAULT_DATA_FOLDER } from "../data-folder/open-data-folder.ts";

export interface DevArguments {
  readonly port: number;
  readonly folder: string;
  readonly startAt: Date | undefined;
}

/** What was asked for cannot be done; the message says what can. */
export class UsageError extends Error {}

const DEFAULT_PORT = 8787;

export const usage = `Usage: dev [--port <n>] [--data <folder>] [--now <instant>]
  --port  port on the loopback interface; ${DEFAULT_PORT} without it, 0 for any free one
  --data  where everything is kept; "${DEFAULT_DATA_FOLDER}" without it
  --now   where the business clock starts, such as 2027-01-04T09:00:00Z; it never goes back`;

/** @throws UsageError */
export function readArguments(args: readonly string[]): DevArguments {
  const { port = String(DEFAULT_PORT), data = DEFAULT_DATA_FOLDER, now } = valuesOf(args);
  const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
  if (!(number <= 65_535)) throw new UsageError(`--port ${port} is not a port number`);
  const startAt = now === undefined ? undefined : new Date(now);
  if (startAt && (Number.isNaN(startAt.getTime()) || !/[zZ]$|[+-]\d\d:?\d\d$/.test(now ?? ""))) {
    throw new UsageError(`--now ${now} is not an instant such as 2027-01-04T09:00:00Z`);
  }
  return { port: number, folder: data, startAt };
}

function valuesOf(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: args.filter((arg, index) => arg !== "--" || index > 0),
      options: { port: { type: "string" }, data: { type: "string" }, now: { type: "string" } },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
