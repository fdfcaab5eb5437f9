import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

type Claims = Record<string, unknown>;

/** A provider that signs whatever it is told to. */
export interface ForgingProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Changes of the claims that an honest provider would sign; undefined leaves one out. */
  claims: Claims;
  /** Whether it signs with a key that is not in its published set. */
  isKeyForeign: boolean;
  /** Issuer that its description names. */
  described: string | undefined;
  /** How often its token endpoint was asked. */
  readonly exchanges: number;
  /** The address to go back to, as if somebody had logged in. */
  logIn(loginUrl: string): string;
  stop(): Promise<void>;
}

export async function startForgingProvider(): Promise<ForgingProvider> {
  const [own, foreign] = [await generateKeyPair("RS256"), await generateKeyPair("RS256")];
  const jwk = { ...(await exportJWK(own.publicKey)), alg: "RS256", use: "sig", kid: "one" };
  let nonce: string | null = null;
  let exchanges = 0;
  const state: Pick<ForgingProvider, "claims" | "isKeyForeign" | "described"> = {
    claims: {},
    isKeyForeign: false,
    described: undefined,
  };

  const idToken = () => {
    const now = Math.floor(Date.now() / 1000);
    const claims: Claims = {
      iss: issuer,
      sub: "mallory",
      aud: "concord",
      iat: now,
      exp: now + 300,
      nonce,
      email: "ada@acme.test",
      email_verified: true,
      ...state.claims,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", kid: "one" })
      .sign(state.isKeyForeign ? foreign.privateKey : own.privateKey);
  };
  const answers: Record<string, () => unknown> = {
    "/.well-known/openid-configuration": () => ({
      issuer: state.described ?? issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ["code"],
      id_token_signing_alg_values_supported: ["RS256"],
    }),
    "/jwks": () => ({ keys: [jwk] }),
    "/token": async () => {
      exchanges += 1;
      const id_token = await idToken();
      return { access_token: "an access token", token_type: "Bearer", id_token };
    },
  };
  const server = createServer(async (request, response) => {
    const answer = answers[request.url ?? ""];
    response.writeHead(answer ? 200 : 404, { "Content-Type": "application/json" });
    response.end(JSON.stringify((await answer?.()) ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return Object.assign(state, {
    issuer,
    clientId: "concord",
    clientSecret: "a client secret of these tests",
    get exchanges() {
      return exchanges;
    },
    logIn(loginUrl: string) {
      const { searchParams } = new URL(loginUrl);
      nonce = searchParams.get("nonce");
      const back = new URL(searchParams.get("redirect_uri") ?? "");
      back.searchParams.set("state", searchParams.get("state") ?? "");
      back.searchParams.set("code", "a code");
      return back.href;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
