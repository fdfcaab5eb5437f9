import { LoginChallenge, type LoginChallengeRepository } from "@concord/core/login";
import { exists, isNew } from "../dynamo-table/condition.ts";
import type { Table } from "../dynamo-table/contract.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import { systemKeys } from "../keys/index.ts";

const challengeEntity: Entity<LoginChallenge> = {
  name: "LoginChallenge",
  schema: LoginChallenge,
  schemaVersion: 1,
  key: ({ challengeHash }) => systemKeys.loginChallenge(challengeHash),
  expiresAt: ({ expiresAt }) => expiresAt,
};

export const dynamoLoginChallengeRepository = (table: Table): LoginChallengeRepository => ({
  /** AP-415 */
  async add(challenge) {
    await table.put(toItem(challengeEntity, challenge), isNew);
  },

  /** AP-416 */
  async find(challengeHash) {
    const row = await table.get(systemKeys.loginChallenge(challengeHash));
    return row && fromItem(challengeEntity, row);
  },

  /** AP-417 */
  take: (challengeHash) => table.remove(systemKeys.loginChallenge(challengeHash), exists),
});
