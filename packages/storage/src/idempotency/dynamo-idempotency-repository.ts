import type { IdempotencyRepository } from "@concord/core/idempotency";
import { load, type TenantTable } from "../aggregate.ts";
import { exists } from "../dynamo-table/condition.ts";
import { everyItem } from "../position.ts";
import { recordedAnswerEntity } from "./effect-marker.ts";

export const dynamoIdempotencyRepository = ({
  table,
  keys,
}: TenantTable): IdempotencyRepository => ({
  /** AP-02 */
  find: (keyHash) => load({ table, keys }, recordedAnswerEntity(keys), keys.idempotency(keyHash)),

  /** AP-371 */
  async rewrite(change) {
    const rewriteShard = async (pk: string): Promise<void> => {
      for await (const item of everyItem(table, { pk })) {
        const body = change(String(item["body"]));
        if (body !== undefined) await table.put({ ...item, body }, exists);
      }
    };
    await Promise.all(keys.idempotencyShards().map(rewriteShard));
  },
});
