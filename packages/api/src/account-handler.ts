import type { PaymentProvider } from "@concord/core/billing";
import type { LoginLimits } from "@concord/core/login-limit";
import type { HashPassword } from "@concord/core/person";
import { openVault } from "@concord/core/vault";
import { handle } from "hono/aws-lambda";
import type { AccountPorts } from "./account/ports.ts";
import { sealingKey } from "./account/sealing-key.ts";
import { accountManifest } from "./account-manifest.ts";
import { type IdentitySettings, requestOpener } from "./auth/open-request.ts";
import type { SigningKey } from "./auth/signing-key.ts";
import { tokenSigner } from "./auth/token-signer.ts";
import { createApp } from "./http/app.ts";
import type { ApiDependencies } from "./http/context.ts";
import { commonPasswords } from "./login/common-passwords.ts";
import { type SingleSignOnSettings, singleSignOnPorts } from "./single-sign-on/ports.ts";

export interface AccountDependencies
  extends IdentitySettings,
    Omit<ApiDependencies<AccountPorts>, "openRequest"> {
  /** Oldest first; a new one signs once every verifier knows it. */
  readonly signingKeys: readonly SigningKey[];
  readonly hashPassword: HashPassword;
  /** How many guesses at passwords pass. */
  readonly loginLimits: LoginLimits;
  /** One-time tokens are derived from it; at least 32 bytes. */
  readonly tokenSecret: Uint8Array;
  readonly singleSignOn: SingleSignOnSettings;
  /** Where tenants pay by themselves; undefined where the operator bills by hand. */
  readonly payments: PaymentProvider | undefined;
  /** 256 new random bits as base64url. */
  readonly newSecret: () => string;
}

/** The account function: log-in and whatever else signs, hashes or follows a person over tenants. */
export function createAccountApi(deps: AccountDependencies) {
  const { hashPassword, loginLimits, issuer, tokenSecret, wallNow, mint } = deps;
  const signer = tokenSigner(deps);
  const isCommonPassword = commonPasswords();
  const singleSignOn = singleSignOnPorts(deps);
  const factorKey = sealingKey(tokenSecret, "second factors");
  const openRequest = requestOpener(deps, signer.keySet, (open): AccountPorts => {
    const { system } = open();
    const openTenant: AccountPorts["openTenant"] = (tenantId) => {
      const opened = open();
      opened.pin(tenantId);
      return opened.openTenant(tenantId);
    };
    return {
      ...singleSignOn({ openTenant, people: system.people, hashPassword, isCommonPassword, mint }),
      people: system.people,
      personErasures: system.personErasures,
      guesses: system.guesses,
      loginChallenges: system.loginChallenges,
      loginLinks: system.loginLinks,
      secondFactors: system.secondFactors,
      securityEvents: system.securityEvents,
      payments: deps.payments,
      billingContextOf: (tenantId) => ({
        actor: { kind: "system", name: "billing" },
        store: openTenant(tenantId),
        now: deps.now(),
        mint,
      }),
      log: deps.log,
      factorVaultOf: (personId) => openVault(factorKey, personId),
      isCommonPassword,
      loginLimits,
      tenants: system.tenants,
      openTenant,
      hashPassword,
      issueToken: (claims) => signer.issue(system.publicKeys, claims),
      publicKeys: () => signer.published(system.publicKeys),
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
