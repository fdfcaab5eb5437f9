import { type LoginLimitRepository, loginLimits } from "@concord/core/login-limit";
import { always } from "../dynamo-table/condition.ts";
import type { Table } from "../dynamo-table/contract.ts";
import { systemKeys } from "../keys/index.ts";
import { takeFrom } from "../rate-limit/take-tokens.ts";

const ENTITY = "GuessBucket";

const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);

export const dynamoLoginLimitRepository = (table: Table): LoginLimitRepository => ({
  /** AP-222, AP-223 */
  async take(bucket, limit, now) {
    const row = {
      key: systemKeys.guessBucket(bucket),
      entity: ENTITY,
      // A pair's row also says that the pair is known, and outlives a full bucket for that.
      ...(bucket.kind === "pair" || bucket.kind === "code-pair"
        ? { keptMilliseconds: loginLimits.knownMilliseconds }
        : {}),
    };
    const take = { limit, wanted: 1, now: now.getTime(), seen: undefined };
    const { decision, item } = await takeFrom(table, row, take);
    return { decision, knownUntil: numberOf(item?.["knownUntil"]) };
  },

  /** AP-224 */
  async remember(bucket, until, now) {
    await table.update({
      key: systemKeys.guessBucket(bucket),
      set: {
        entity: ENTITY,
        schemaVersion: 1,
        fullAt: now.getTime(),
        knownUntil: until.getTime(),
        expiresAt: Math.ceil(until.getTime() / 1000),
      },
      condition: always,
    });
  },
});
