import type { ErrorCode } from "@concord/core/error";
import type { MemberId } from "@concord/core/id";
import { type Member, type MemberRepository, ModeratorProposal } from "@concord/core/member";
import { type Aggregate, load, save, type TenantTable, writesOf } from "../aggregate.ts";
import { rosterWrites } from "../assignment/roster-rows.ts";
import { hasVersion } from "../dynamo-table/condition.ts";
import { countedWrite } from "../edition/usage-rows.ts";
import type { TenantKeys } from "../keys/index.ts";
import { type Also, endedMembershipWrites, newMembershipWrites } from "../person/person-rows.ts";
import { page } from "../position.ts";
import { timerWrites } from "../timer/timer-item.ts";
import { memberAggregate } from "./member-rows.ts";

export function dynamoMemberRepository(tenant: TenantTable): MemberRepository {
  const { table, keys } = tenant;
  const members = memberAggregate(keys);
  const proposals = proposalAggregate(keys);

  return {
    /** AP-22 */
    get: (memberId) => load(tenant, members, keys.membership(memberId)),

    /** AP-23 */
    list: (request) =>
      page(table, members, { index: "gsi2", pk: keys.memberList() }, request, keys.prefix),

    /** AP-24, AP-25 */
    add: (entry) =>
      save(tenant, members, entry.member, entry.event, {
        taken: "member-exists",
        also: [
          ...newMembershipWrites(keys, entry, "member-exists"),
          countedWrite(keys, "members", 1),
        ],
      }),

    /** AP-26, AP-27, AP-445 */
    save: (next, event, { whileOwner, rosters = [] } = {}) =>
      save(tenant, members, next, event, {
        also: [
          ...(next.status === "ended" ? endedWrites(keys, next) : []),
          ...ownerWrites(keys, whileOwner, "role-not-grantable"),
          ...rosters.flatMap((change) => rosterWrites(tenant, change)),
        ],
      }),

    /** AP-360 */
    erase: (next, event, { wasActive, timer, rosters, whileOwner }) =>
      save(tenant, members, next, event, {
        also: [
          ...(wasActive ? endedWrites(keys, next) : []),
          ...timerWrites(keys, [timer]),
          ...ownerWrites(keys, whileOwner, "member-last-owner"),
          ...rosters.flatMap((change) => rosterWrites(tenant, change)),
        ],
      }),

    /** AP-249 */
    moderatorProposal: (memberId) => load(tenant, proposals, keys.moderatorProposal(memberId)),

    /** AP-250, AP-251 */
    saveProposal: (next, event, made) =>
      save(tenant, proposals, next, event, {
        also: made
          ? [
              ...writesOf(tenant, members, made.next, made.event),
              {
                check: keys.membership(made.proposer.memberId),
                condition: hasVersion(made.proposer.version),
              },
            ].map((write) => ({ write, otherwise: "version-stale" as const }))
          : [],
      }),
  };
}

const endedWrites = (keys: TenantKeys, { personId, memberId }: Member): readonly Also[] => [
  ...endedMembershipWrites(keys, { personId, membershipId: memberId, partnerId: null }),
  countedWrite(keys, "members", -1),
];

const ownerWrites = (
  keys: TenantKeys,
  owner: MemberId | undefined,
  otherwise: ErrorCode,
): readonly Also[] =>
  owner ? [{ write: { check: keys.membership(owner), condition: isActiveOwner }, otherwise }] : [];

export const proposalAggregate = (keys: TenantKeys): Aggregate<ModeratorProposal> => ({
  name: "ModeratorProposal",
  schema: ModeratorProposal,
  schemaVersion: 1,
  id: ({ memberId }) => memberId,
  key: ({ memberId }) => keys.moderatorProposal(memberId),
});

/** Two owners who take the role from each other at once would leave none. */
const isActiveOwner = {
  expression: "#status = :active AND contains(#roles, :owner)",
  names: { "#status": "status", "#roles": "roles" },
  values: { ":active": "active", ":owner": "owner" },
};
