import { PublicKey } from "@concord/core/login";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { z } from "zod";

/** The private key that signs access tokens, as a JWK (RFC 7517). It comes from the entry point. */
export const SigningKey = PublicKey.extend({
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
});
export type SigningKey = z.infer<typeof SigningKey>;

/** As a secret holds it. The failure says nothing of the text: parsers quote what they could not read. */
export const SigningKeyText = z.string().transform((text, ctx): SigningKey => {
  try {
    return SigningKey.parse(JSON.parse(text));
  } catch {
    ctx.addIssue("must be a private RSA key as JWK, with kid, use and alg");
    return z.NEVER;
  }
});

/** What verifiers may know of it: plain parsing drops the private members. */
export const publicHalf = (key: SigningKey): PublicKey => PublicKey.parse(key);

/** A new RSA key of 2048 bits, named by its thumbprint (RFC 7638). */
export async function generateSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  return SigningKey.parse({
    ...jwk,
    kid: await calculateJwkThumbprint(jwk),
    use: "sig",
    alg: "RS256",
  });
}
