import { LoginLink, type LoginLinkRepository } from "@concord/core/login-link";
import { type Condition, isNew } from "../dynamo-table/condition.ts";
import type { Table } from "../dynamo-table/contract.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import { systemKeys } from "../keys/index.ts";

const linkEntity: Entity<LoginLink> = {
  name: "LoginLink",
  schema: LoginLink,
  schemaVersion: 1,
  key: ({ linkId }) => systemKeys.loginLink(linkId),
  expiresAt: ({ expiresAt }) => expiresAt,
};

const unused: Condition = {
  expression: "attribute_exists(#pk) AND attribute_not_exists(#usedAt)",
  names: { "#pk": "pk", "#usedAt": "usedAt" },
};

export const dynamoLoginLinkRepository = (table: Table): LoginLinkRepository => ({
  /** AP-226 */
  async add(link) {
    await table.put(toItem(linkEntity, link), isNew);
  },

  /** AP-227 */
  async get(linkId) {
    const row = await table.get(systemKeys.loginLink(linkId));
    return row && fromItem(linkEntity, row);
  },

  /** AP-228 */
  async use(linkId, at) {
    const { isApplied } = await table.update({
      key: systemKeys.loginLink(linkId),
      set: { usedAt: at.toISOString() },
      condition: unused,
    });
    return isApplied;
  },
});
