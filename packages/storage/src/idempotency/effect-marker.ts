import { type RecordAnswer, RecordedAnswer } from "@concord/core/idempotency";
import type { Condition } from "../dynamo-table/condition.ts";
import type { Write } from "../dynamo-table/contract.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";

/** The row that a request with an Idempotency-Key writes with its first effect; later effects carry none. */
export interface EffectMarker {
  take(keys: TenantKeys, next: unknown): Write | undefined;
  /** What it was taken for was not written: the next attempt takes it again. */
  giveBack(): void;
}

export const recordedAnswerEntity = (keys: TenantKeys): Entity<RecordedAnswer> => ({
  name: "RecordedAnswer",
  schema: RecordedAnswer,
  schemaVersion: 1,
  key: ({ keyHash }) => keys.idempotency(keyHash),
  expiresAt: ({ expiresAt }) => expiresAt,
});

/** A key whose answer has expired is free, whether or not the service has deleted the row yet. */
const isFreeAt = (epochSeconds: number): Condition => ({
  expression: "attribute_not_exists(#pk) OR #expiresAt <= :now",
  names: { "#pk": "pk", "#expiresAt": "expiresAt" },
  values: { ":now": epochSeconds },
});

export function effectMarker(record: RecordAnswer): EffectMarker {
  let isTaken = false;
  return {
    take(keys, next) {
      if (isTaken) return undefined;
      isTaken = true;
      const answer = record(next);
      return {
        put: toItem(recordedAnswerEntity(keys), answer),
        condition: isFreeAt(answer.recordedAt),
      };
    },
    giveBack() {
      isTaken = false;
    },
  };
}
