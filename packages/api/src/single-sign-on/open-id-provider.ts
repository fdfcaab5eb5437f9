import type {
  Assertion,
  IdentityProvider,
  LoginProofs,
  ProviderClient,
} from "@concord/core/single-sign-on";
import * as oidc from "openid-client";
import { TransportFailure } from "../http/problem.ts";
import { type FetchRules, guardedFetch } from "./guarded-fetch.ts";

const KEPT_MS = 10 * 60_000;
/** Descriptions of providers that a process keeps; the oldest makes room. */
const KEPT = 200;
const SKEW_SECONDS = 30;
const TIMEOUT_MS = 5_000;

export interface ProviderSettings extends Pick<FetchRules, "allowsLoopback"> {
  /** Where the provider sends the browser back to. */
  readonly redirectUri: () => string;
  /** The wall clock; what the provider signed must be good by it, half a minute more or less. */
  readonly wallNow: () => Date;
  readonly timeoutMs?: number;
}

/** Providers as `openid-client` speaks to them; signature, issuer, addressee, nonce and times are checked there. */
export function openIdProvider(settings: ProviderSettings): IdentityProvider {
  const { redirectUri, wallNow, allowsLoopback, timeoutMs = TIMEOUT_MS } = settings;
  const fetch = guardedFetch({ allowsLoopback, timeoutMs });
  /** Keyed by client and secret, so that no tenant uses what another has named. */
  const known = new Map<string, { readonly at: number; readonly config: oidc.Configuration }>();

  async function configOf(client: ProviderClient): Promise<oidc.Configuration> {
    const key = JSON.stringify([client.issuer, client.clientId, client.clientSecret]);
    const now = wallNow().getTime();
    const kept = known.get(key);
    if (kept && Math.abs(now - kept.at) < KEPT_MS) return kept.config;
    const config = await oidc.discovery(
      new URL(client.issuer),
      client.clientId,
      {
        client_secret: client.clientSecret,
        // The library asks the machine's clock; the one that was given is right.
        [oidc.clockSkew]: Math.round((now - Date.now()) / 1000),
        [oidc.clockTolerance]: SKEW_SECONDS,
      },
      undefined,
      {
        [oidc.customFetch]: (address, options) => fetch(address, options as never),
        timeout: timeoutMs / 1000,
        execute: [
          oidc.enableNonRepudiationChecks,
          ...(allowsLoopback ? [oidc.allowInsecureRequests] : []),
        ],
      },
    );
    known.delete(key);
    known.set(key, { at: now, config });
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
    return config;
  }

  return {
    async loginUrl(client, proofs) {
      const config = await reached(configOf(client));
      const page = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri(),
        scope: "openid email profile",
        response_type: "code",
        state: proofs.state,
        nonce: proofs.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(proofs.codeVerifier),
        code_challenge_method: "S256",
      });
      if (page.protocol !== "https:" && !allowsLoopback) throw new TransportFailure("unavailable");
      return page.href;
    },

    async assertionOf(client, proofs, query) {
      const config = await reached(configOf(client));
      try {
        return await exchanged(config, proofs, `${redirectUri()}?${query}`);
      } catch (error) {
        if (isUnreachable(error)) throw new TransportFailure("unavailable", { cause: error });
        if (isRefusal(error)) return undefined;
        throw error;
      }
    },

    async isUsable(client) {
      try {
        const { authorization_endpoint, token_endpoint, jwks_uri } = (
          await configOf(client)
        ).serverMetadata();
        const isPage =
          new URL(authorization_endpoint ?? "").protocol === "https:" || allowsLoopback;
        return isPage && token_endpoint !== undefined && jwks_uri !== undefined;
      } catch {
        return false;
      }
    },
  };
}

async function exchanged(
  config: oidc.Configuration,
  { state, nonce, codeVerifier }: LoginProofs,
  currentUrl: string,
): Promise<Assertion> {
  const tokens = await oidc.authorizationCodeGrant(config, new URL(currentUrl), {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: codeVerifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims) throw new Error("a grant without an id token was let through");
  const { iss, sub } = claims;
  // Many providers tell the address at the user-info endpoint alone (OpenID Connect Core, 5.4).
  const told =
    claims["email"] === undefined && config.serverMetadata().userinfo_endpoint !== undefined
      ? await oidc.fetchUserInfo(config, tokens.access_token, sub)
      : claims;
  const [email, name] = [told["email"], told["name"]];
  return {
    issuer: iss,
    subject: sub,
    email: typeof email === "string" ? email : undefined,
    isEmailVerified: told["email_verified"] === true,
    name: typeof name === "string" ? name : undefined,
  };
}

/** What the library throws where the provider, or the browser with its answer, is not to be believed. */
const isRefusal = (error: unknown): boolean =>
  error instanceof oidc.ClientError ||
  error instanceof oidc.AuthorizationResponseError ||
  error instanceof oidc.ResponseBodyError ||
  error instanceof oidc.WWWAuthenticateChallengeError;

/** The network's failures reach us as they are, or as the cause of the library's own. */
function isUnreachable(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (UNREACHED.has(String(Reflect.get(at, "code"))) || at.name === "TimeoutError") return true;
  }
  return false;
}
const UNREACHED = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EPIPE",
  "OAUTH_TIMEOUT",
  "ABORT_ERR",
]);

async function reached<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw new TransportFailure("unavailable", { cause: error });
  }
}
