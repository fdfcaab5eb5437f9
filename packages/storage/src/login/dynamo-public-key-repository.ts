import { type PublicKeyRepository, PublicKeySet } from "@concord/core/login";
import { follows } from "../condition.ts";
import type { Table } from "../dynamo-table.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import { systemKeys } from "../keys.ts";

const keySetEntity: Entity<PublicKeySet> = {
  name: "PublicKeySet",
  schema: PublicKeySet,
  schemaVersion: 1,
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
