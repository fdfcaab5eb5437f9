import { SignUp, type SignUpRepository } from "@concord/core/sign-up";
import { load, type TenantTable } from "../aggregate.ts";
import { always, isNew } from "../dynamo-table/condition.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";

const signUpEntity = (keys: TenantKeys): Entity<SignUp> => ({
  name: "SignUp",
  schema: SignUp,
  schemaVersion: 1,
  key: () => keys.signUp(),
  expiresAt: ({ expiresAt }) => expiresAt,
});

export function dynamoSignUpRepository(tenant: TenantTable): SignUpRepository {
  const { table, keys } = tenant;
  const signUps = signUpEntity(keys);
  return {
    /** AP-319 */
    get: () => load(tenant, signUps, keys.signUp()),

    /** AP-320 */
    async create(signUp) {
      if (await table.put(toItem(signUps, signUp), isNew)) return;
      throw new Error("a sign-up of this id exists");
    },

    /** AP-372 */
    async forget() {
      await table.remove(keys.signUp(), always);
    },
  };
}
