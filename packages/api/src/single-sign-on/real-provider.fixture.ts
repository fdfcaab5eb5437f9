import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const CLIENT = { clientId: "concord", clientSecret: "a client secret of these tests" };

/** A real identity provider on loopback. */
export interface RealProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What it knows of each of its users, by name. */
  readonly users: Map<
    string,
    { readonly email?: string; readonly isVerified: boolean; readonly displayName?: string }
  >;
  /**
   * Goes through its pages as a browser does: log-in, then consent.
   * @returns the address that it sends the browser back to
   */
  logIn(loginUrl: string, user: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startRealProvider(redirectUri: string): Promise<RealProvider> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: "one" };
  const users: RealProvider["users"] = new Map();
  const server = createServer((request, response) => provider.callback()(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    jwks: { keys: [jwk as never] },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    cookies: { keys: ["the cookie key of these tests"] },
    claims: { email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_, name) => ({
      accountId: name,
      claims: async () => {
        const { email, isVerified, displayName } = users.get(name) ?? { isVerified: false };
        return {
          sub: name,
          name: displayName ?? `${name} of the provider`,
          ...(email ? { email, email_verified: isVerified } : {}),
        };
      },
    }),
  });

  return {
    issuer,
    ...CLIENT,
    users,
    async logIn(loginUrl, user) {
      const cookies = new Map<string, string>();
      const visit = async (url: string, form?: Record<string, string>) => {
        const response = await fetch(url, {
          redirect: "manual",
          headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
          ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
        });
        for (const cookie of response.headers.getSetCookie()) {
          const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
          cookies.set(name, value);
        }
        return response;
      };
      let response = await visit(loginUrl);
      for (let step = 0; step < 20; step += 1) {
        const location = response.headers.get("location");
        if (location) {
          const next = new URL(location, issuer).href;
          if (next.startsWith(redirectUri)) return next;
          response = await visit(next);
          continue;
        }
        const page = await response.text();
        const action = /action="([^"]+)"/.exec(page)?.[1];
        const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1];
        if (!action || !prompt)
          throw new Error(`no form: ${response.status} ${page.slice(0, 500)}`);
        response = await visit(new URL(action, issuer).href, {
          prompt,
          login: user,
          password: "any",
        });
      }
      throw new Error("the provider never sent the browser back");
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
