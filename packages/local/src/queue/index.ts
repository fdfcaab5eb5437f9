export { type QueueEvent, type QueueSettings, type Queues, queues } from "./queues.ts";
