export { createStreamPoller, type StreamPoller } from "./create-stream-poller.ts";
export type { StreamConsumer, StreamEvent, StreamHandler } from "./deliver.ts";
export { connectStreams } from "./stream-reader.ts";
export type { StreamRecord } from "./stream-record.ts";
export { type DeadLetter, type StreamState, sqliteStreamState } from "./stream-state.ts";
