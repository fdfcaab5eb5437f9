import { DynamoDBClient, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { connectTable } from "./connect-table.ts";
import type { Table } from "./contract.ts";
import { createMeter, type Meter } from "./meter.ts";

/** What happens to one attempt of one request; "fine" sends it as it is. */
export type Fault = "fine" | "answer-lost" | Error;

export interface Sent {
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface FaultyTable {
  readonly table: Table;
  readonly meter: Meter;
  /** Every attempt that left the retries of the SDK, oldest first. */
  readonly sent: Sent[];
  /** Milliseconds of every pause the table made. */
  readonly pauses: number[];
  /** For the next attempts of this command, in their order; later ones are fine. */
  fail(command: string, ...faults: readonly Fault[]): void;
  /** Changes what the engine answered; for answers no local engine gives. */
  answer:
    | ((command: string, output: Record<string, unknown>) => Record<string, unknown>)
    | undefined;
}

export const cancelled = (...codes: readonly string[]): TransactionCanceledException =>
  new TransactionCanceledException({
    $metadata: {},
    message: "cancelled",
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

export const failure = (name: string): Error =>
  Object.assign(new Error(name), { name, $metadata: {} });

/** A table whose requests fail below the SDK's own retries, as the wire or the service would. */
export function faultyTableOn(
  { endpoint, tableName }: { readonly endpoint: string; readonly tableName: string },
  random: () => number,
): FaultyTable {
  const client = new DynamoDBClient({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const planned = new Map<string, Fault[]>();
  const sent: Sent[] = [];
  const pauses: number[] = [];
  const meter = createMeter();
  const faulty: FaultyTable = {
    table: connectTable(client, {
      name: tableName,
      sleep: async (ms) => {
        pauses.push(ms);
      },
      random,
    }).metered(meter),
    meter,
    sent,
    pauses,
    answer: undefined,
    fail: (command, ...faults) => {
      planned.set(command, [...(planned.get(command) ?? []), ...faults]);
    },
  };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = String(context.commandName).replace(/Command$/, "");
      const fault = planned.get(command)?.shift() ?? "fine";
      const { body } = args.request as { body: Uint8Array };
      sent.push({ command, input: JSON.parse(Buffer.from(body).toString()) as Sent["input"] });
      if (fault instanceof Error) throw fault;
      const answered = await next(args);
      if (fault === "answer-lost") throw failure("TimeoutError");
      const { answer } = faulty;
      return answer
        ? {
            ...answered,
            output: { ...answered.output, ...answer(command, { ...answered.output }) },
          }
        : answered;
    },
    { step: "finalizeRequest", priority: "low", name: "faults" },
  );
  return faulty;
}
