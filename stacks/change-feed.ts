import type { ChangeConsumerName } from "../infra/change-feed.ts";
import { readChanges } from "../infra/stream.ts";
import type { Data } from "./data.ts";

/** What changes in the table, handed on to the queues of those whom it concerns. */
export function changeFeedStack(
  { table }: Data,
  queues: Record<ChangeConsumerName, sst.aws.Queue>,
) {
  return { functions: { HandOnChanges: readChanges(table, queues) } };
}
