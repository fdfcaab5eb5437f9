import { createHash, randomBytes } from "node:crypto";
import { ACME, TEST_PASSWORD, type TestApi } from "@concord/local/testing";

interface Provider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export const REDIRECT_URI = "https://api.concord.test/v1/login/sso/callback";
export const ownerOf = (tenantId: string): string =>
  `owner@${tenantId === ACME ? "acme" : "globex"}.test`;

/** Sets single sign-on up at this provider, or changes it to this provider. */
export async function connectTo(
  api: TestApi,
  { issuer, clientId, clientSecret }: Provider,
  { tenantId = ACME as string, isRequired = false } = {},
): Promise<Response> {
  const token = await api.logIn(ownerOf(tenantId), TEST_PASSWORD);
  const body = { issuer, clientId, clientSecret, isRequired };
  const known = await api.request("/v1/single-sign-on", { token });
  if (known.status === 404) return api.request("/v1/single-sign-on", { token, body });
  return api.request("/v1/single-sign-on", {
    method: "PATCH",
    token,
    body: { ...body, isEnabled: true },
    headers: { "If-Match": known.headers.get("ETag") ?? "" },
  });
}

/** A log-in under way: what the browser and the client of it hold. */
export interface Begun {
  readonly response: Response;
  /** Where the provider is. */
  readonly loginUrl: string;
  /** As the browser sends it back. */
  readonly cookie: string;
  readonly verifier: string;
}

export async function begin(
  api: TestApi,
  { tenantId = ACME as string, returnTo = "" } = {},
): Promise<Begun> {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const search = new URLSearchParams({ tenant: tenantId, challenge });
  if (returnTo) search.set("returnTo", returnTo);
  const response = await api.request(`/v1/login/sso/start?${search}`);
  const [cookie = ""] = (response.headers.get("Set-Cookie") ?? "").split(";");
  return { response, loginUrl: response.headers.get("Location") ?? "", cookie, verifier };
}

/** The browser comes back to us. @param at the address the provider gave it */
export const comeBack = (api: TestApi, at: string, cookie: string): Promise<Response> => {
  const { pathname, search } = new URL(at);
  return api.request(`${pathname}${search}`, { headers: cookie ? { Cookie: cookie } : {} });
};

export const redeem = (api: TestApi, code: string, verifier: string): Promise<Response> =>
  api.request("/v1/login/sso/redeem", { body: { code, verifier } });

export const codeIn = async (response: Response): Promise<string> =>
  ((await response.json()) as { code: string }).code;
