import { type PublicKeyRepository, PublicKeySet } from "@concord/core/login";
import { follows } from "../dynamo-table/condition.ts";
import type { Table } from "../dynamo-table/contract.ts";
import type { Item } from "../dynamo-table/item.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import { systemKeys } from "../keys/index.ts";

/** Keys of the first shape signed as soon as they were published. */
const ofFirstShape = (row: Item): Item => ({
  ...row,
  keys: (row["keys"] as readonly object[]).map((key) => ({
    ...key,
    signsFrom: new Date(0).toISOString(),
    withdrawnAt: null,
  })),
});

const keySetEntity: Entity<PublicKeySet> = {
  name: "PublicKeySet",
  schema: PublicKeySet,
  schemaVersion: 2,
  upgrade: ofFirstShape,
  key: systemKeys.signingKeys,
};

export const dynamoPublicKeyRepository = (table: Table): PublicKeyRepository => ({
  /** AP-18 */
  async get() {
    const row = await table.get(systemKeys.signingKeys());
    return row ? fromItem(keySetEntity, row) : { keys: [], version: 0 };
  },

  /** AP-19 */
  save: (next) => table.put(toItem(keySetEntity, next), follows(next)),
});
