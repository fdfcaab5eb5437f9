import { type Holder, LoginSession, type LoginSessionRepository } from "@concord/core/login";
import type { TenantTable } from "../aggregate.ts";
import { exists, isNew } from "../condition.ts";
import type { Item } from "../dynamo-table.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys.ts";
import { memberAggregate, partnerUserAggregate } from "../member/member-rows.ts";

const sessionEntity = (keys: TenantKeys): Entity<LoginSession> => ({
  name: "LoginSession",
  schema: LoginSession,
  schemaVersion: 1,
  key: ({ membershipId, sessionId }) => keys.loginSession(membershipId, sessionId),
  expiresAt: ({ expiresAt }) => expiresAt,
});

export function dynamoLoginSessionRepository({ table, keys }: TenantTable): LoginSessionRepository {
  const sessions = sessionEntity(keys);
  const members = memberAggregate(keys);
  const partnerUsers = partnerUserAggregate(keys);

  const holderOf = (row: Item): Holder | undefined => {
    if (row["entity"] === members.name) return { kind: "member", member: fromItem(members, row) };
    if (row["entity"] === partnerUsers.name)
      return { kind: "partner-user", partnerUser: fromItem(partnerUsers, row) };
    return undefined;
  };

  return {
    /** AP-37 */
    async create(session) {
      if (await table.put(toItem(sessions, session), isNew)) return;
      throw new Error("a login session of this id exists");
    },

    /** AP-38 */
    async end(membershipId, sessionId) {
      await table.remove(keys.loginSession(membershipId, sessionId), exists);
    },

    /** AP-39 */
    async find(membershipId, sessionId) {
      const rows = await table.getAll([
        keys.membership(membershipId),
        keys.loginSession(membershipId, sessionId),
      ]);
      const session = rows.find(({ entity }) => entity === sessions.name);
      return {
        holder: rows.map(holderOf).find((holder) => holder !== undefined),
        session: session && fromItem(sessions, session),
      };
    },
  };
}
