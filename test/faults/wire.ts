import { type DynamoDBClientConfig, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { connectClient } from "@concord/local/testing";
import { connectTable, type Table } from "@concord/storage";

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** What happens to one request on its way to the table, or to another service, and back. */
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
  /** Another transaction has a row of it in hand. */
  "conflict",
  /** A query answers one row and says where it goes on. */
  "short-page",
  /** A read of many keys leaves half of them for later. */
  "unprocessed",
] as const;
export type Fault = (typeof FAULTS)[number];

/**
 * What is wrong with a process on purpose, so that those who look for it can be tested: it writes one after another
 * what belongs together, forgets which mails went out, sends them without asking whether somebody else does, or
 * writes whatever stands there.
 */
export type Flaw = "split" | "unmarked" | "unclaimed" | "unconditional";

export const isWrite = (command: string): boolean =>
  /^(Put|Update|Delete|TransactWrite)/.test(command);

/** The faults that a request of this command can meet. */
export const faultsOf = (command: string): readonly Fault[] =>
  FAULTS.filter((fault) => {
    if (fault === "conflict") return isWrite(command);
    if (fault === "short-page") return command.startsWith("Query");
    if (fault === "unprocessed") return command.startsWith("BatchGet");
    return true;
  });

export interface Planned {
  /** Position of the request, from 0. */
  readonly at: number;
  readonly fault: Fault;
}

export interface Wire {
  readonly table: Table;
  /** The commands of the requests so far that were no attempts to repeat one. */
  readonly sent: () => readonly string[];
  /** Keys that these requests write. */
  readonly touched: () => readonly Key[];
  /** Forgets what was sent; the request of this position (from 0) meets the fault. */
  plan(fault?: Planned, flaw?: Flaw): void;
  /** Keeps the request of this position (from 0) waiting while something else happens from beginning to end; until the next plan. */
  hold(at: number, meanwhile: () => Promise<unknown>): void;
  /** A request to another service on the same wire, which nobody repeats but who sends it. */
  outside<T>(action: () => Promise<T>): Promise<T>;
  /** Until nothing is under way that a process that died had sent. */
  quiet(): Promise<void>;
}

export const named = (name: string, more: object = {}): Error =>
  Object.assign(new Error(name), { name, $metadata: {}, ...more });
/** What nobody retries: there is nobody left. */
export const killed = (): Error => named("ProcessKilled", { $fault: "client" });

type RetryStrategy = Extract<
  DynamoDBClientConfig["retryStrategy"],
  { readonly acquireInitialRetryToken: unknown }
>;

type Input = Readonly<Record<string, unknown>>;
type Written = Readonly<Record<"Item" | "Key", Key | undefined>>;

/** The keys that a request writes. */
function keysOf(command: string, input: Input): Key[] {
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

interface BatchInput {
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly Key[] }>>;
}

/** The first half of the keys of a batch, and the rest as the service gives it back. */
function halved({ RequestItems }: BatchInput) {
  const parts = Object.entries(RequestItems).map(([name, asked]) => {
    const half = Math.ceil(asked.Keys.length / 2);
    const [now, later] = [asked.Keys.slice(0, half), asked.Keys.slice(half)];
    return [name, { ...asked, Keys: now }, { ...asked, Keys: later }] as const;
  });
  return {
    asked: Object.fromEntries(parts.map(([name, now]) => [name, now])),
    left: Object.fromEntries(
      parts.flatMap(([name, , later]) => (later.Keys.length > 0 ? [[name, later]] : [])),
    ),
  };
}

/** As the service says it: a transaction is told which of its rows was in hand. */
export const conflictOf = (command: string): Error =>
  command.startsWith("TransactWrite")
    ? new TransactionCanceledException({
        message: "Transaction cancelled",
        CancellationReasons: [{ Code: "TransactionConflict" }],
        $metadata: {},
      })
    : named("TransactionConflictException");

/** What a process with this flaw sends instead of a request. */
function flawedOf(flaw: Flaw, command: string, input: Input): readonly Input[] {
  if (flaw === "unmarked" || flaw === "unclaimed") {
    const row = input["Item"] as Input | undefined;
    const isOfMail = row?.["entity"] === "SentMail";
    return isOfMail && (row?.["sentAt"] === null) === (flaw === "unclaimed") ? [] : [input];
  }
  if (flaw === "unconditional") return [unconditional(command, input)];
  return command.startsWith("TransactWrite") ? split(input) : [input];
}

/** With conditions that always hold. */
function unconditional(command: string, input: Input): Input {
  if (!command.startsWith("TransactWrite")) return isWrite(command) ? blind(input) : input;
  const items = input["TransactItems"] as readonly Readonly<Record<string, Input>>[];
  const each = (item: Readonly<Record<string, Input>>) =>
    Object.fromEntries(Object.entries(item).map(([kind, write]) => [kind, blind(write)]));
  return { ...input, TransactItems: items.map(each) };
}

function blind(write: Input): Input {
  const { ConditionExpression: condition } = write;
  if (condition === undefined) return write;
  const always = "attribute_exists(pk) OR attribute_not_exists(pk)";
  return { ...write, ConditionExpression: `(${condition}) OR ${always}` };
}

function split(input: Input): readonly Input[] {
  const { ClientRequestToken: _, ...rest } = input;
  const items = input["TransactItems"] as readonly Input[];
  return items.map((one) => ({ ...rest, TransactItems: [one] }));
}

/** Attempts of a request, as the SDK makes them by default. */
const ATTEMPTS = 3;
const attemptOf = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0 });
/** The SDK's own strategy without its pauses. */
export const atOnce: RetryStrategy = {
  acquireInitialRetryToken: async () => attemptOf(0),
  async refreshRetryTokenForRetry(attempt, { errorType }) {
    const tries = attempt.getRetryCount() + 1;
    const passes = errorType === "THROTTLING" || errorType === "TRANSIENT";
    if (!passes || tries >= ATTEMPTS) throw new Error("not asked again");
    return attemptOf(tries);
  },
  recordSuccess: () => undefined,
};

/** A table behind a wire on which one request after another is counted, and one may meet a fault. */
export function wireTo({
  endpoint,
  tableName,
}: {
  readonly endpoint: string;
  readonly tableName: string;
}): Wire {
  const client = connectClient(endpoint, { retryStrategy: atOnce });
  let sent: string[] = [];
  let touched: Key[] = [];
  let isDead = false;
  let planned: Planned | undefined;
  let hasMet = false;
  let flaw: Flaw | undefined;
  let held: { readonly at: number; readonly meanwhile: () => Promise<unknown> } | undefined;
  const underWay = new Set<Promise<unknown>>();

  /** The fault that a request meets which is sent now, unless it dies of it. */
  async function through<T>(
    command: string,
    send: (fault: Fault | undefined) => Promise<T>,
  ): Promise<T> {
    if (isDead) throw killed();
    const due = planned && !hasMet && sent.length >= planned.at ? planned.fault : undefined;
    // Requests that go out side by side change places: the fault waits for one that can meet it.
    const fault = due && faultsOf(command).includes(due) ? due : undefined;
    hasMet ||= fault !== undefined;
    const meanwhile = held?.at === sent.length ? held.meanwhile : undefined;
    sent.push(command);
    await meanwhile?.();
    const dies = fault === "killed-before" || fault === "killed-after";
    if (fault === "killed-before") isDead = true;
    if (isDead) throw killed();
    const answer = send(dies ? undefined : fault);
    const settled = answer.catch(() => undefined).finally(() => underWay.delete(settled));
    underWay.add(settled);
    const given = await answer;
    if (fault === "killed-after") isDead = true;
    if (isDead) throw killed();
    return given;
  }

  // Above all: what it sends is a request like any other.
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = String(context.commandName);
      const [first, ...rest] = flaw ? flawedOf(flaw, command, args.input as Input) : [args.input];
      if (!first) return { response: undefined, output: { $metadata: {} } };
      const answer = next({ ...args, input: first as typeof args.input });
      if (rest.length === 0) return answer;
      let last = await answer;
      for (const input of rest) last = await next({ ...args, input: input as typeof args.input });
      return last;
    },
    { step: "initialize", priority: "high", name: "flaws" },
  );
  const meets = new WeakMap<object, Fault>();
  // Above the retries of the SDK: once for each request, however often it is tried.
  client.middlewareStack.add(
    (next, context) => (args) => {
      const command = String(context.commandName);
      const input = args.input as Input;
      if (!isDead) touched.push(...keysOf(command, input));
      return through(command, async (fault) => {
        if (fault === "short-page") {
          return next({ ...args, input: { ...input, Limit: 1 } as unknown as typeof args.input });
        }
        if (fault === "unprocessed") {
          const { asked, left } = halved(input as unknown as BatchInput);
          const { output, ...rest } = await next({
            ...args,
            input: { ...input, RequestItems: asked } as unknown as typeof args.input,
          });
          return { ...rest, output: { ...output, UnprocessedKeys: left } };
        }
        if (fault) meets.set(context, fault);
        return next(args);
      });
    },
    { step: "initialize", priority: "high", name: "kills" },
  );
  // Below them: the first attempt alone meets what passes.
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const fault = meets.get(context);
      meets.delete(context);
      if (fault === "throttled") throw named("ThrottlingException");
      if (fault === "conflict") throw conflictOf(String(context.commandName));
      if (fault !== "answer-lost" && fault !== "twice") return next(args);
      const answered = await next(args);
      if (fault === "answer-lost") throw named("TimeoutError");
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
    plan(fault, flawed) {
      sent = [];
      touched = [];
      isDead = false;
      planned = fault;
      hasMet = false;
      flaw = flawed;
      held = undefined;
    },
    hold(at, meanwhile) {
      held = { at, meanwhile };
    },
    outside: (action) =>
      through("Outside", async (fault) => {
        if (fault === "throttled") throw named("ThrottlingException");
        const answer = await action();
        if (fault === "twice") await action().catch(() => undefined);
        if (fault === "answer-lost") throw named("TimeoutError");
        return answer;
      }),
    async quiet() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
