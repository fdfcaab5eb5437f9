import { SecondFactor, type SecondFactorRepository } from "@concord/core/second-factor";
import { exists, follows } from "../condition.ts";
import type { Table } from "../dynamo-table.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import { systemKeys } from "../keys.ts";

const factorEntity: Entity<SecondFactor> = {
  name: "SecondFactor",
  schema: SecondFactor,
  schemaVersion: 1,
  key: ({ personId }) => systemKeys.secondFactor(personId),
};

export const dynamoSecondFactorRepository = (table: Table): SecondFactorRepository => ({
  /** AP-412 */
  async get(personId) {
    const row = await table.get(systemKeys.secondFactor(personId));
    return row && fromItem(factorEntity, row);
  },

  /** AP-413 */
  save: (next) => table.put(toItem(factorEntity, next), follows(next)),

  /** AP-414 */
  async remove(personId) {
    await table.remove(systemKeys.secondFactor(personId), exists);
  },
});
