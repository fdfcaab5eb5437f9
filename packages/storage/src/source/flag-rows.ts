import { FlagId } from "@concord/core/id";
import { DataQualityFlag } from "@concord/core/source";
import { z } from "zod";
import type { Aggregate } from "../aggregate.ts";
import type { Entity } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";

const urgency = { error: "0", warning: "1", info: "2" } as const;

/** On the tenant's list by status, and while it is open on its owner's work list. */
export const flagAggregate = (keys: TenantKeys): Aggregate<DataQualityFlag> => ({
  name: "DataQualityFlag",
  schema: DataQualityFlag,
  schemaVersion: 1,
  id: ({ flagId }) => flagId,
  key: ({ flagId }) => keys.flag(flagId),
  indexes: ({ flagId, status, severity, ownerId, openedAt }) => ({
    gsi2pk: keys.flagList(status),
    gsi2sk: `${urgency[severity]}#${flagId}`,
    ...(ownerId !== null && status === "open"
      ? {
          gsi1pk: keys.workList("FLAG", ownerId),
          gsi1sk: keys.workListSort(openedAt, flagId),
        }
      : {}),
  }),
});

/** Some of the rows behind a flag. */
export const FlaggedRows = z.object({
  flagId: FlagId,
  index: z.number().int(),
  packed: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
});
export type FlaggedRows = z.infer<typeof FlaggedRows>;

export const flaggedRowsEntity = (keys: TenantKeys): Entity<FlaggedRows> => ({
  name: "FlaggedRows",
  schema: FlaggedRows,
  schemaVersion: 1,
  key: ({ flagId, index }) => keys.flagRows(flagId, index),
});
