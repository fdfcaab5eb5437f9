import { type PublicKeyRepository, publishKey } from "@concord/core/login";
import { hashPassword } from "@concord/core/person";
import { handle } from "hono/aws-lambda";
import type { AccountPorts } from "./account/ports.ts";
import { accountManifest } from "./account-manifest.ts";
import { tokenIssuer } from "./auth/issue-access-token.ts";
import { cachedKeySet } from "./auth/key-set.ts";
import { type IdentitySettings, requestOpener } from "./auth/open-request.ts";
import { publicHalf, type SigningKey } from "./auth/signing-key.ts";
import { createApp } from "./http/app.ts";
import type { ApiDependencies } from "./http/context.ts";
import { type SingleSignOnSettings, singleSignOnPorts } from "./single-sign-on/ports.ts";

export interface AccountDependencies
  extends IdentitySettings,
    Omit<ApiDependencies<AccountPorts>, "openRequest"> {
  readonly signingKey: SigningKey;
  /** One-time tokens are derived from it; at least 32 bytes. */
  readonly tokenSecret: Uint8Array;
  readonly singleSignOn: SingleSignOnSettings;
  /** 256 new random bits as base64url. */
  readonly newSecret: () => string;
}

/** The account function: log-in and whatever else signs, hashes or follows a person over tenants. */
export function createAccountApi(deps: AccountDependencies) {
  const { issuer, tokenSecret, wallNow, mint, signingKey } = deps;
  const issueToken = tokenIssuer(deps);
  const keySet = cachedKeySet(wallNow, (repository) => publishedWith(repository, signingKey));
  const singleSignOn = singleSignOnPorts(deps);
  const openRequest = requestOpener(deps, keySet, (open): AccountPorts => {
    const { system } = open();
    const openTenant: AccountPorts["openTenant"] = (tenantId) => {
      const opened = open();
      opened.pin(tenantId);
      return opened.openTenant(tenantId);
    };
    return {
      ...singleSignOn({ openTenant, people: system.people, hashPassword, mint }),
      people: system.people,
      tenants: system.tenants,
      openTenant,
      hashPassword,
      issueToken: async (claims) => {
        await keySet(system.publicKeys);
        return issueToken(claims);
      },
      publicKeys: async () => (await keySet(system.publicKeys)).published,
      ...{ issuer, tokenSecret, mint },
      wallNow: wallNow(),
      now: deps.now(),
    };
  });
  return createApp({ ...deps, openRequest }, accountManifest);
}

/** As a function of API Gateway v2 events: deployed and local requests take the same path. */
export const createAccountHandler = (deps: AccountDependencies): ReturnType<typeof handle> =>
  handle(createAccountApi(deps));

/** The published keys; a process whose own key is not among them publishes it. */
async function publishedWith(repository: PublicKeyRepository, own: SigningKey) {
  const { keys } = await repository.get();
  if (keys.some(({ kid }) => kid === own.kid)) return keys;
  await publishKey(repository, publicHalf(own));
  return (await repository.get()).keys;
}
