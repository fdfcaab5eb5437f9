import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { connectTable, type Table } from "@concord/storage";

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** What happens to one request on its way to the table and back. */
export const FAULTS = [
  /** The process dies before the request leaves, or after it took effect. */
  "killed-before",
  "killed-after",
  /** It took effect, and nobody is told: the SDK asks again. */
  "answer-lost",
  /** It is refused the first time, as a partition that is asked too much does. */
  "throttled",
  /** It arrives twice. */
  "twice",
] as const;
export type Fault = (typeof FAULTS)[number];

export interface Wire {
  readonly table: Table;
  /** Requests so far that were no attempts to repeat one. */
  readonly sent: () => number;
  /** Keys that these requests write. */
  readonly touched: () => readonly Key[];
  /** Forgets what was sent; the request of this position (from 0) meets the fault. */
  plan(fault?: { readonly at: number; readonly fault: Fault }): void;
}

const named = (name: string): Error => Object.assign(new Error(name), { name, $metadata: {} });
/** What nobody retries: there is nobody left. */
const killed = (): Error => Object.assign(named("ProcessKilled"), { $fault: "client" });

type Written = Readonly<Record<"Item" | "Key", Key | undefined>>;

/** The keys that a request writes. */
function keysOf(command: string, input: Readonly<Record<string, unknown>>): Key[] {
  if (command.startsWith("TransactWrite")) {
    const writes = input["TransactItems"] as readonly Readonly<Record<string, Written>>[];
    return writes.flatMap((write) =>
      Object.entries(write).flatMap(([kind, written]) =>
        kind === "ConditionCheck" ? [] : keyIn(written),
      ),
    );
  }
  return /^(Put|Update|Delete)/.test(command) ? keyIn(input as unknown as Written) : [];
}

function keyIn({ Item, Key }: Written): Key[] {
  const key = Item ?? Key;
  return key ? [{ pk: key.pk, sk: key.sk }] : [];
}

/** A table behind a wire on which one request after another is counted, and one may meet a fault. */
export function wireTo({
  endpoint,
  tableName,
}: {
  readonly endpoint: string;
  readonly tableName: string;
}): Wire {
  const client = new DynamoDBClient({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  let sent = 0;
  let touched: Key[] = [];
  let isDead = false;
  let planned: { readonly at: number; readonly fault: Fault } | undefined;

  // Above the retries of the SDK: once for each request, however often it is tried.
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (isDead) throw killed();
      const position = sent;
      sent += 1;
      touched.push(
        ...keysOf(String(context.commandName), args.input as Readonly<Record<string, unknown>>),
      );
      if (planned?.at !== position) return next(args);
      const { fault } = planned;
      if (fault === "killed-before" || fault === "killed-after") {
        if (fault === "killed-after") await next(args);
        isDead = true;
        throw killed();
      }
      return next(args);
    },
    { step: "initialize", priority: "high", name: "kills" },
  );
  // Below them: the first attempt alone meets what passes.
  let attempted = -1;
  client.middlewareStack.add(
    (next) => async (args) => {
      const position = sent - 1;
      const isFirst = attempted !== position;
      attempted = position;
      if (planned?.at !== position || !isFirst) return next(args);
      if (planned.fault === "throttled") throw named("ThrottlingException");
      if (planned.fault !== "answer-lost" && planned.fault !== "twice") return next(args);
      const answered = await next(args);
      if (planned.fault === "answer-lost") throw named("TimeoutError");
      // What the first delivery changed is there when the second comes; whoever asked hears the first.
      await next(args).catch(() => undefined);
      return answered;
    },
    { step: "finalizeRequest", priority: "low", name: "faults" },
  );
  const table = connectTable(client, {
    name: tableName,
    sleep: () => Promise.resolve(),
    random: () => 0.5,
  });
  return {
    table,
    sent: () => sent,
    touched: () => touched,
    plan(fault) {
      sent = 0;
      touched = [];
      attempted = -1;
      isDead = false;
      planned = fault;
    },
  };
}
