export { createStreamPoller } from "./create-stream-poller.ts";
export type { StreamConsumer } from "./deliver.ts";
export { connectStreams } from "./stream-reader.ts";
export type { StreamRecord } from "./stream-record.ts";
export { type StreamState, sqliteStreamState } from "./stream-state.ts";
