import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { LocalTable } from "../local-table/index.ts";
import { type Message, messageStore } from "./message-store.ts";

/** What an SQS event source hands to its function. */
export interface QueueEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly attributes: {
      readonly ApproximateReceiveCount: string;
      /** Milliseconds since the epoch. */
      readonly SentTimestamp: string;
    };
    readonly eventSource: "aws:sqs";
  }[];
}

export type QueueConsumer = (
  event: QueueEvent,
) => Promise<{ readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] }>;

export interface QueueSettings {
  readonly consumer: QueueConsumer;
  /** 1–10, as with SQS. */
  readonly batchSize?: number;
  /** How long a received message is hidden; longer than the consumer takes. A failed one comes back after it. */
  readonly visibilityTimeoutSeconds?: number;
  /** A message that was received this often in vain goes to the dead-letter queue. */
  readonly maxReceiveCount?: number;
}

export interface QueuesOptions<Name extends string> {
  readonly table: LocalTable;
  readonly queues: Readonly<Record<Name, QueueSettings>>;
  /** Told of every consumer that threw; its messages come back by themselves. */
  readonly report: (error: unknown) => void;
  /** The wall clock: visibility is about processes that die, not about business time. */
  readonly now?: () => Date;
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** A process that starts again under the same id sees at once what it had in flight. Ids of living processes differ. */
  readonly consumerId?: string;
}

/** @throws Error `QueueDoesNotExist` from every method that is given an unknown name. */
export interface Queues {
  /**
   * Resolves to the message id once the message is stored.
   * @throws Error `InvalidMessageContents` for a body beyond 1 MiB of JSON.
   */
  send(queueName: string, body: unknown): Promise<string>;
  /** Delivers until no message of any queue is visible now; resolves to how many batches that were. */
  drain(): Promise<number>;
  /** Delivers until the signal is aborted and the batches under way have ended. */
  run(signal: AbortSignal): Promise<void>;
  /** The messages that were given up, the oldest first. */
  deadLetters(queueName: string): Promise<Message[]>;
  /** Puts all dead letters back into their queue; resolves to how many. */
  redrive(queueName: string): Promise<number>;
}

const DEFAULTS = { batchSize: 10, visibilityTimeoutSeconds: 30, maxReceiveCount: 3 };
/** What is sent in this process is delivered at once; this is for what comes back, and what another process sent. */
const POLL_MILLISECONDS = 1_000;
const LONGEST_PAUSE_MILLISECONDS = 60_000;
const MAX_BODY_BYTES = 1_048_576;

const pause = async (milliseconds: number, signal: AbortSignal) => {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
};

const refusal = (name: string, message: string) => Object.assign(new Error(message), { name });

/** SQS for the local runtime: every message is delivered at least once, in no promised order. */
export function queues<Name extends string>({
  table,
  queues: settings,
  report,
  now = () => new Date(),
  sleep = pause,
  consumerId = randomUUID(),
}: QueuesOptions<Name>): Queues {
  const store = messageStore(table);
  const names = Object.keys(settings) as Name[];
  const released = new Set<Name>();
  /** Ends the pause of a queue's loop. */
  const wake = new Map<Name, () => void>();

  const known = (queueName: string): Name => {
    const name = names.find((candidate) => candidate === queueName);
    if (name === undefined) throw refusal("QueueDoesNotExist", `There is no queue ${queueName}`);
    return name;
  };

  /** Once per process and queue, before its first delivery. */
  const releaseOwn = async (name: Name): Promise<void> => {
    if (released.has(name)) return;
    await store.release(name, consumerId, now());
    released.add(name);
  };

  const receive = async (name: Name): Promise<Message[]> => {
    await releaseOwn(name);
    const { batchSize, visibilityTimeoutSeconds, maxReceiveCount } = {
      ...DEFAULTS,
      ...settings[name],
    };
    const batch: Message[] = [];
    for await (const key of store.visible(name, now())) {
      const visibleAt = new Date(now().getTime() + visibilityTimeoutSeconds * 1000);
      const message = await store.receive(key, consumerId, now(), visibleAt);
      if (message === undefined) continue;
      if (message.receiveCount > maxReceiveCount) await store.bury(name, message);
      else batch.push(message);
      if (batch.length === batchSize) break;
    }
    return batch;
  };

  /** One batch; resolves to whether there was any. */
  const deliver = async (name: Name): Promise<boolean> => {
    const batch = await receive(name);
    if (batch.length === 0) return false;
    const failed = await failedIn(settings[name].consumer, batch, report);
    const handled = batch.filter(({ messageId }) => !failed.has(messageId));
    await Promise.all(handled.map((message) => store.remove(name, message)));
    return true;
  };

  const loop = async (name: Name, signal: AbortSignal): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      // Before it looks: what is sent while it does so ends the pause before it begins.
      const sent = new AbortController();
      wake.set(name, () => sent.abort());
      const isIdle = await deliver(name).then(
        (wasBusy) => {
          failures = 0;
          return !wasBusy;
        },
        (error: unknown) => {
          report(error);
          failures += 1;
          return true;
        },
      );
      const milliseconds = Math.min(POLL_MILLISECONDS * 2 ** failures, LONGEST_PAUSE_MILLISECONDS);
      if (isIdle) await sleep(milliseconds, AbortSignal.any([signal, sent.signal]));
    }
  };

  return {
    async send(queueName, body) {
      const text = JSON.stringify(body);
      if (text === undefined || Buffer.byteLength(text) > MAX_BODY_BYTES) {
        throw refusal(
          "InvalidMessageContents",
          `A body is at most ${MAX_BODY_BYTES} bytes of JSON`,
        );
      }
      const name = known(queueName);
      const messageId = await store.add(name, text, now());
      wake.get(name)?.();
      return messageId;
    },

    async drain() {
      let batches = 0;
      for (let delivered = -1; delivered !== 0; batches += delivered) {
        delivered = (await Promise.all(names.map(deliver))).filter(Boolean).length;
      }
      return batches;
    },

    async run(signal) {
      await Promise.all(names.map((name) => loop(name, signal)));
    },

    deadLetters: async (queueName) => await store.deadLetters(known(queueName)),

    async redrive(queueName) {
      const name = known(queueName);
      const moved = await Promise.all(
        (await store.deadLetters(name)).map((message) => store.unbury(name, message, now())),
      );
      wake.get(name)?.();
      return moved.filter(Boolean).length;
    },
  };
}

/** Ids of the messages to be delivered again: all of them where the answer cannot be trusted, as Lambda does. */
async function failedIn(
  consumer: QueueConsumer,
  batch: readonly Message[],
  report: (error: unknown) => void,
): Promise<ReadonlySet<string>> {
  const all = new Set(batch.map(({ messageId }) => messageId));
  try {
    const { batchItemFailures } = await consumer({ Records: batch.map(recordOf) });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const unknown = [...failed].filter((messageId) => !all.has(messageId));
    if (unknown.length === 0) return failed;
    report(new Error(`The consumer reported messages it was not given: ${unknown.join(", ")}`));
  } catch (error) {
    report(error);
  }
  return all;
}

const recordOf = ({ messageId, body, receiveCount, sentAt }: Message) => ({
  messageId,
  body,
  attributes: {
    ApproximateReceiveCount: String(receiveCount),
    SentTimestamp: String(Date.parse(sentAt)),
  },
  eventSource: "aws:sqs" as const,
});
