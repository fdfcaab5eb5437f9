import { SecondFactor, type SecondFactorRepository } from "@concord/core/second-factor";
import { exists, follows } from "../dynamo-table/condition.ts";
import type { Table } from "../dynamo-table/contract.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import { systemKeys } from "../keys/index.ts";
import { securityEventWrite } from "../security-event/dynamo-security-event-repository.ts";

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

  /** AP-409, AP-413 */
  async save(next, event) {
    const put = toItem(factorEntity, next);
    if (!event) return table.put(put, follows(next));
    const writes = [{ put, condition: follows(next) }, securityEventWrite(event)];
    return (await table.transact(writes)).length === 0;
  },

  /** AP-414 */
  async remove(personId, event) {
    const remove = { remove: systemKeys.secondFactor(personId), condition: exists };
    await table.transact([remove, securityEventWrite(event)]);
  },
});
