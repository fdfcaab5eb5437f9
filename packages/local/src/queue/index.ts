export type { Message } from "./message-store.ts";
export {
  type QueueConsumer,
  type QueueEvent,
  type QueueSettings,
  type Queues,
  type QueuesOptions,
  queues,
} from "./queues.ts";
