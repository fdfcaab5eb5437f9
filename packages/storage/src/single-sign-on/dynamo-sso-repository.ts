import { SsoConnection, SsoLink, type SsoRepository } from "@concord/core/single-sign-on";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { isNew } from "../dynamo-table/condition.ts";
import { fromItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";

export const connectionAggregate = (keys: TenantKeys): Aggregate<SsoConnection> => ({
  name: "SsoConnection",
  schema: SsoConnection,
  schemaVersion: 1,
  id: () => keys.tenantId,
  key: () => keys.sso(),
});

/** @param linkId of one whose subject is erased: the row stays where it is, so that a later link follows it */
const linkAggregate = (keys: TenantKeys, linkId?: string): Aggregate<SsoLink> => ({
  name: "SsoLink",
  schema: SsoLink,
  schemaVersion: 1,
  id: ({ issuer, subject }) => linkId ?? keys.ssoLinkId(issuer, subject),
  key: ({ issuer, subject }) =>
    linkId === undefined ? keys.ssoLink(issuer, subject) : keys.ssoLinkRow(linkId),
  personal: {
    holder: ({ memberId }) => memberId,
    isErased: ({ erasedAt }) => erasedAt !== undefined,
    fields: ["personId", "subject"],
  },
});

export function dynamoSsoRepository(tenant: TenantTable): SsoRepository {
  const { table, keys } = tenant;
  const connections = connectionAggregate(keys);
  const links = linkAggregate(keys);

  return {
    /** AP-346 */
    get: () => load(tenant, connections, keys.sso()),

    /** AP-347 */
    save: (next, event) => save(tenant, connections, next, event, { taken: "sso-exists" }),

    /** AP-348 */
    findLink: (issuer, subject) => load(tenant, links, keys.ssoLink(issuer, subject)),

    /** AP-349 */
    saveLink: (next, event) =>
      save(tenant, links, next, event, {
        also: [
          {
            write: {
              put: {
                ...keys.ssoLinkOfMember(next.issuer, next.memberId),
                entity: "SsoLinkOfMember",
                schemaVersion: 1,
                issuer: next.issuer,
                linkId: keys.ssoLinkId(next.issuer, next.subject),
              },
              condition: isNew,
            },
            otherwise: "sso-member-linked",
          },
        ],
      }),

    /** AP-364 */
    async linksOf(memberId) {
      const { pk } = keys.membership(memberId);
      const { items } = await table.query({ pk, sort: { prefix: keys.ssoLinkOfMemberPrefix } });
      const linkIds = items.map((row) => String(row["linkId"]));
      if (linkIds.length === 0) return [];
      const rows = await table.getAll(linkIds.map((linkId) => keys.ssoLinkRow(linkId)));
      return linkIds.flatMap((linkId) => {
        const row = rows.find(({ pk }) => pk === keys.ssoLinkPartition(linkId));
        return row ? [{ linkId, link: fromItem(links, row) }] : [];
      });
    },

    /** AP-365 */
    eraseLink: (linkId, next, event) => save(tenant, linkAggregate(keys, linkId), next, event),
  };
}
