import { SsoHandover, SsoLogin, type SsoLoginRepository } from "@concord/core/single-sign-on";
import { load, type TenantTable } from "../aggregate.ts";
import { exists, isNew } from "../dynamo-table/condition.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";

const loginEntity = (keys: TenantKeys): Entity<SsoLogin> => ({
  name: "SsoLogin",
  schema: SsoLogin,
  schemaVersion: 1,
  key: ({ stateHash }) => keys.ssoLogin(stateHash),
  expiresAt: ({ expiresAt }) => expiresAt,
});

const handoverEntity = (keys: TenantKeys): Entity<SsoHandover> => ({
  name: "SsoHandover",
  schema: SsoHandover,
  schemaVersion: 1,
  key: ({ codeHash }) => keys.ssoHandover(codeHash),
  expiresAt: ({ expiresAt }) => expiresAt,
});

export function dynamoSsoLoginRepository(tenant: TenantTable): SsoLoginRepository {
  const { table, keys } = tenant;
  const logins = loginEntity(keys);
  const handovers = handoverEntity(keys);
  /** A text of 256 random bits is never drawn twice. */
  const putNew = async (item: ReturnType<typeof toItem>): Promise<void> => {
    if (!(await table.put(item, isNew))) throw new Error("a log-in of this text exists");
  };

  return {
    /** AP-350 */
    begin: (login) => putNew(toItem(logins, login)),

    /** AP-351 */
    find: (stateHash) => load(tenant, logins, keys.ssoLogin(stateHash)),

    /** AP-352 */
    take: (stateHash) => table.remove(keys.ssoLogin(stateHash), exists),

    /** AP-353 */
    handOver: (handover) => putNew(toItem(handovers, handover)),

    /** AP-354 */
    findHandover: (codeHash) => load(tenant, handovers, keys.ssoHandover(codeHash)),

    /** AP-355 */
    takeHandover: (codeHash) => table.remove(keys.ssoHandover(codeHash), exists),
  };
}
