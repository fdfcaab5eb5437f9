import { type Holder, LoginSession, type LoginSessionRepository } from "@concord/core/login";
import type { MembershipId } from "@concord/core/person";
import type { TenantTable } from "../aggregate.ts";
import { exists, hasVersion, isNew } from "../dynamo-table/condition.ts";
import type { Item } from "../dynamo-table/item.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import { systemKeys, type TenantKeys } from "../keys/index.ts";
import { memberAggregate, partnerUserAggregate } from "../member/member-rows.ts";

const sessionEntity = (keys: TenantKeys): Entity<LoginSession> => ({
  name: "LoginSession",
  schema: LoginSession,
  schemaVersion: 3,
  upgrade: (row) => ({
    secondFactor: "absent",
    ...(row["schemaVersion"] === 1 ? ofFirstShape(row) : row),
  }),
  key: ({ membershipId, sessionId }) => keys.loginSession(membershipId, sessionId),
  expiresAt: ({ expiresAt }) => expiresAt,
});

/** Rows of the first shape could not be refreshed: they end with their access token. */
const ofFirstShape = (row: Item): Item => ({
  ...row,
  method: "password",
  client: "",
  lastUsedAt: row["createdAt"],
  endsAt: row["expiresAt"],
  generation: 0,
  refreshHash: "",
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

  async function every(membershipId: MembershipId): Promise<LoginSession[]> {
    const { pk, prefix } = keys.loginSessions(membershipId);
    const found: LoginSession[] = [];
    let after: Item | undefined;
    do {
      const page = await table.query({ pk, sort: { prefix }, ...(after ? { after } : {}) });
      found.push(...page.items.map((row) => fromItem(sessions, row)));
      after = page.last;
    } while (after);
    return found;
  }

  return {
    /** AP-37 */
    async create(session) {
      if (await table.put(toItem(sessions, session), isNew)) return;
      throw new Error("a login session of this id exists");
    },

    /** AP-430 */
    async createWhile(session, personVersion) {
      const failed = await table.transact([
        { put: toItem(sessions, session), condition: isNew },
        { check: systemKeys.person(session.personId), condition: hasVersion(personVersion) },
      ]);
      return failed.length === 0;
    },

    /** AP-200 */
    rotate: (next) =>
      table.put(toItem(sessions, next), {
        expression: "#generation = :before",
        names: { "#generation": "generation" },
        values: { ":before": next.generation - 1 },
      }),

    /** AP-411 */
    async factorShown(membershipId, sessionId) {
      await table.update({
        key: keys.loginSession(membershipId, sessionId),
        set: { secondFactor: "shown" },
        condition: exists,
      });
    },

    /** AP-201 */
    listOf: (membershipId) => every(membershipId),

    /** AP-202 */
    async endAllOf(membershipId) {
      for (const { sessionId } of await every(membershipId)) {
        await table.remove(keys.loginSession(membershipId, sessionId), exists);
      }
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
