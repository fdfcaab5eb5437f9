import { SsoConnection, SsoLink, type SsoRepository } from "@concord/core/single-sign-on";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { isNew } from "../condition.ts";
import type { TenantKeys } from "../keys.ts";

export const connectionAggregate = (keys: TenantKeys): Aggregate<SsoConnection> => ({
  name: "SsoConnection",
  schema: SsoConnection,
  schemaVersion: 1,
  id: () => keys.tenantId,
  key: () => keys.sso(),
});

const linkAggregate = (keys: TenantKeys): Aggregate<SsoLink> => ({
  name: "SsoLink",
  schema: SsoLink,
  schemaVersion: 1,
  id: ({ issuer, subject }) => keys.ssoLinkId(issuer, subject),
  key: ({ issuer, subject }) => keys.ssoLink(issuer, subject),
  personal: { personId: ({ personId }) => personId, fields: ["personId", "subject"] },
});

export function dynamoSsoRepository(tenant: TenantTable): SsoRepository {
  const { keys } = tenant;
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
  };
}
