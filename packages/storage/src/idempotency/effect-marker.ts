import { type RecordAnswer, RecordedAnswer } from "@concord/core/idempotency";
import type { Item } from "../dynamo-table.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys.ts";

/** The row that a request with an Idempotency-Key writes with its first effect; later effects carry none. */
export interface EffectMarker {
  take(keys: TenantKeys, next: unknown): Item | undefined;
}

export const recordedAnswerEntity = (keys: TenantKeys): Entity<RecordedAnswer> => ({
  name: "RecordedAnswer",
  schema: RecordedAnswer,
  schemaVersion: 1,
  key: ({ keyHash }) => keys.idempotency(keyHash),
  expiresAt: ({ expiresAt }) => expiresAt,
});

export function effectMarker(record: RecordAnswer): EffectMarker {
  let isTaken = false;
  return {
    take(keys, next) {
      if (isTaken) return undefined;
      isTaken = true;
      return toItem(recordedAnswerEntity(keys), record(next));
    },
  };
}
