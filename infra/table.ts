import { tableDefinition } from "../packages/storage/src/table.ts";
import { isProduction } from "./stage.ts";

type TableArgs = ConstructorParameters<typeof sst.aws.Dynamo>[1];

const streamViews = {
  KEYS_ONLY: "keys-only",
  NEW_IMAGE: "new-image",
  OLD_IMAGE: "old-image",
  NEW_AND_OLD_IMAGES: "new-and-old-images",
} as const;

/** The table that the storage package describes; the local runtime creates the same. */
export function tableArgs(): TableArgs {
  const { keys, indexes, timeToLive, streamView } = tableDefinition;
  const keyAttributes = [keys, ...Object.values(indexes)].flatMap(({ partition, sort }) => [
    partition,
    sort,
  ]);
  return {
    fields: Object.fromEntries(keyAttributes.map((name) => [name, "string" as const])),
    primaryIndex: { hashKey: keys.partition, rangeKey: keys.sort },
    globalIndexes: Object.fromEntries(
      Object.entries(indexes).map(([name, { partition, sort }]) => [
        name,
        { hashKey: partition, rangeKey: sort },
      ]),
    ),
    ttl: timeToLive,
    stream: streamViews[streamView],
    deletionProtection: isProduction(),
    transform: { table: { pointInTimeRecovery: { enabled: true } } },
  };
}
