import { connectClient } from "@concord/local/testing";
import { connectTable, type Item, type Table } from "@concord/storage";
import { atOnce, conflictOf, killed, named, type Wire } from "./wire.ts";

/** A process whose every request may meet a fault, and which may die with any of them. */
export interface StormyProcess extends Pick<Wire, "table" | "outside" | "quiet"> {
  readonly isDead: () => boolean;
}

export interface Weather {
  readonly endpoint: string;
  readonly tableName: string;
  /** In [0, 1); the same numbers make the same faults where one request follows another. */
  readonly random: () => number;
  /** The share of attempts that are refused, meet another's transaction, or whose answer is lost. */
  readonly rate: number;
  /** Requests, counted from 0, before the one the process dies with; left out, it lives. */
  readonly diesAt?: number | undefined;
  /** Told of every row that a put of its own stored, whether or not anybody heard of it. */
  readonly applied?: (row: Item) => void;
  /** Told of every attempt that took effect where nobody heard of it. */
  readonly unheard?: () => void;
}

interface Attempted {
  readonly row: Item | undefined;
  isApplied: boolean;
}

/** One life of a process over the table, beside any number of others. */
export function stormyProcess(weather: Weather): StormyProcess {
  const { endpoint, tableName, random, rate, diesAt } = weather;
  const { applied = () => undefined, unheard = () => undefined } = weather;
  const client = connectClient(endpoint, { retryStrategy: atOnce });
  const requests = new WeakMap<object, Attempted>();
  const underWay = new Set<Promise<unknown>>();
  let sent = 0;
  let isDead = false;

  async function through<T>(send: () => Promise<T>): Promise<T> {
    const dies = sent === diesAt;
    sent += 1;
    if (dies && random() < 0.5) isDead = true;
    if (isDead) throw killed();
    const answer = send();
    const settled = answer.catch(() => undefined).finally(() => underWay.delete(settled));
    underWay.add(settled);
    const given = await answer.finally(() => {
      if (dies) unheard();
      if (dies) isDead = true;
      if (isDead) throw killed();
    });
    return given;
  }

  const drawn = (faults: readonly string[]): string | undefined =>
    random() < rate ? faults[Math.floor(random() * faults.length)] : undefined;

  // Above the retries of the SDK: a process dies once, however often it tries.
  client.middlewareStack.add(
    (next, context) => (args) => {
      const { Item } = args.input as { readonly Item?: Item };
      requests.set(context, { row: Item, isApplied: false });
      return through(() => next(args));
    },
    { step: "initialize", priority: "high", name: "kills" },
  );
  // Below them: every attempt draws for itself.
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = String(context.commandName);
      const request = requests.get(context);
      const isWrite = /^(Put|Update|Delete|TransactWrite)/.test(command);
      // A transaction that is known by its token is answered, whoever has its rows in hand.
      const meetsOthers = isWrite && !(command.startsWith("Transact") && request?.isApplied);
      const fault = drawn(["throttled", "answer-lost", ...(meetsOthers ? ["conflict"] : [])]);
      if (fault === "throttled") throw named("ThrottlingException");
      if (fault === "conflict") throw conflictOf(command);
      const answered = await next(args);
      if (request) {
        request.isApplied = true;
        if (request.row) applied(request.row);
      }
      if (fault === "answer-lost" || isDead) unheard();
      if (fault === "answer-lost") throw named("TimeoutError");
      return answered;
    },
    { step: "finalizeRequest", priority: "low", name: "faults" },
  );
  const table: Table = connectTable(client, {
    name: tableName,
    sleep: () => Promise.resolve(),
    random: () => 0.5,
  });
  return {
    table,
    isDead: () => isDead,
    outside: (action) =>
      through(async () => {
        const fault = drawn(["throttled", "answer-lost"]);
        if (fault === "throttled") throw named("ThrottlingException");
        const answer = await action();
        if (fault === "answer-lost") throw named("TimeoutError");
        return answer;
      }),
    async quiet() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
