import type { PageRequest } from "@concord/core/context";
import { InvitationId, type PartnerId } from "@concord/core/id";
import { Invitation, type InvitationRepository } from "@concord/core/invitation";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { always, type Condition, exists, hasVersion } from "../dynamo-table/condition.ts";
import { countedWrite } from "../edition/usage-rows.ts";
import { systemKeys, type TenantKeys } from "../keys/index.ts";
import { newMemberWrites, newPartnerUserWrites } from "../member/member-rows.ts";
import type { Also } from "../person/person-rows.ts";
import { page } from "../position.ts";

const partnerOf = ({ to }: Pick<Invitation, "to">) =>
  to.kind === "partner-user" ? to.partnerId : null;

export const invitationAggregate = (keys: TenantKeys): Aggregate<Invitation> => ({
  name: "Invitation",
  schema: Invitation,
  schemaVersion: 1,
  id: ({ invitationId }) => invitationId,
  key: ({ invitationId }) => keys.invitation(invitationId),
  personal: {
    holder: ({ invitationId }) => invitationId,
    isErased: ({ erasedAt }) => erasedAt !== undefined,
    fields: ["email"],
  },
  indexes: (invitation) => ({
    gsi2pk: keys.invitationList(partnerOf(invitation)),
    gsi2sk: keys.invitationSort(invitation.createdAt, invitation.invitationId),
    ...(invitation.status === "pending"
      ? {
          gsi1pk: keys.pendingInvitations(),
          gsi1sk: keys.invitationSort(invitation.validUntil, invitation.invitationId),
        }
      : {}),
  }),
});

const epochSeconds = (instant: string): number => Math.floor(Date.parse(instant) / 1000);

export function dynamoInvitationRepository(tenant: TenantTable): InvitationRepository {
  const { table, keys } = tenant;
  const invitations = invitationAggregate(keys);
  const listed = (partnerId: PartnerId | null, request: PageRequest) =>
    page(
      table,
      invitations,
      { index: "gsi2", pk: keys.invitationList(partnerId), order: "descending" },
      request,
      keys.prefix,
    );

  /** The address is spoken for until the invitation is answered, withdrawn or expired. */
  function claimWrite({ status, ...invitation }: Invitation): Also {
    const key = keys.invitedTo(invitation.email, partnerOf(invitation));
    const { invitationId, sentAt, validUntil } = invitation;
    if (status !== "pending") {
      return {
        write: { remove: key, condition: isOwnOrGone(invitationId) },
        otherwise: "version-stale",
      };
    }
    const row = { ...key, entity: "InvitedAddress", schemaVersion: 1, invitationId };
    return {
      write: {
        put: { ...row, expiresAt: epochSeconds(validUntil) },
        condition: isFree(invitationId, epochSeconds(sentAt)),
      },
      otherwise: "invitation-exists",
    };
  }

  return {
    /** AP-241 */
    get: (invitationId) => load(tenant, invitations, keys.invitation(invitationId)),

    /** AP-242 */
    list: (request) => listed(null, request),

    /** AP-243 */
    listOf: listed,

    /** AP-244 */
    async countPending(wallNow, atMost) {
      const { items } = await table.query({
        index: "gsi1",
        pk: keys.pendingInvitations(),
        sort: keys.invitationsAfter(wallNow.toISOString()),
        limit: atMost,
      });
      return items.length;
    },

    /** AP-245 */
    async pendingOf(email) {
      const { items } = await table.query({ pk: keys.invitedAddress(email) });
      return items.map(({ invitationId }) => InvitationId.parse(invitationId));
    },

    /** AP-246, AP-247 */
    save: (next, event) =>
      save(tenant, invitations, next, event, {
        also: [
          claimWrite(next),
          ...(next.version === 1 ? [foundByAddress(keys, next)] : []),
          ...(next.version === 1 && next.to.kind === "partner-user"
            ? [
                {
                  write: { check: keys.partner(next.to.partnerId), condition: exists },
                  otherwise: "partner-not-found" as const,
                },
              ]
            : []),
        ],
      }),

    /** AP-362 */
    erase: (next, event, email) =>
      save(tenant, invitations, next, event, { also: [claimWrite({ ...next, email })] }),

    /** AP-363 */
    async forgetAddress(invitationId, email) {
      await table.remove(systemKeys.invitationTo(email, keys.tenantId, invitationId), always);
    },

    /** AP-248 */
    accept: (next, event, { entry, inviter }) =>
      save(tenant, invitations, next, event, {
        also: [
          claimWrite(next),
          {
            write: { check: keys.membership(inviter.id), condition: hasVersion(inviter.version) },
            otherwise: "version-stale",
          },
          ...(entry.kind === "member"
            ? [...newMemberWrites(tenant, entry), countedWrite(keys, "members", 1)]
            : newPartnerUserWrites(tenant, entry)),
        ],
      }),
  };
}

/** For as long as the invitation names the address; no tenant sees those of another. */
function foundByAddress({ tenantId }: TenantKeys, { email, invitationId }: Invitation): Also {
  const row = {
    ...systemKeys.invitationTo(email, tenantId, invitationId),
    ...{ tenantId, invitationId },
    entity: "AddressInvitation",
    schemaVersion: 1,
  };
  return { write: { put: row, condition: always }, otherwise: "version-stale" };
}

const isFree = (invitationId: InvitationId, wallSeconds: number): Condition => ({
  expression: "attribute_not_exists(#pk) OR #invitationId = :own OR #expiresAt <= :now",
  names: { "#pk": "pk", "#invitationId": "invitationId", "#expiresAt": "expiresAt" },
  values: { ":own": invitationId, ":now": wallSeconds },
});

const isOwnOrGone = (invitationId: InvitationId): Condition => ({
  expression: "attribute_not_exists(#pk) OR #invitationId = :own",
  names: { "#pk": "pk", "#invitationId": "invitationId" },
  values: { ":own": invitationId },
});
