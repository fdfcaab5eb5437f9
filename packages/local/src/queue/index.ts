export { type QueueEvent, type QueueSettings, queues } from "./queues.ts";
