import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { z } from "zod";
import type { TenantId } from "../id/index.ts";
import { signedText } from "./audit.ts";
import type { AuditHead } from "./schema.ts";

/** RFC 8037. */
export const AuditPublicKey = z
  .object({
    kty: z.literal("OKP"),
    crv: z.literal("Ed25519"),
    x: z.string(),
    kid: z.string().min(1),
  })
  .meta({ id: "AuditPublicKey" });
export type AuditPublicKey = z.infer<typeof AuditPublicKey>;

/** Signs the heads of a stage; never in the table. */
export const AuditSigningKey = AuditPublicKey.extend({ d: z.string() });
export type AuditSigningKey = z.infer<typeof AuditSigningKey>;

type Unsigned = Omit<AuditHead, "keyId" | "signature">;
export type SignHead = (tenantId: TenantId, head: Unsigned) => AuditHead;
export type VerifyHead = (tenantId: TenantId, head: AuditHead) => boolean;

export function headSigner({ kid, ...jwk }: AuditSigningKey): SignHead {
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  return (tenantId, head) => ({
    ...head,
    keyId: kid,
    signature: sign(null, Buffer.from(signedText(tenantId, head)), key).toString("base64url"),
  });
}

/** A head whose key is not among the known ones does not verify. */
export function headVerifier(keys: readonly AuditPublicKey[]): VerifyHead {
  const byId = new Map(
    keys.map(({ kid, ...jwk }) => [kid, createPublicKey({ key: jwk, format: "jwk" })]),
  );
  return (tenantId, { keyId, signature, ...head }) => {
    const key = byId.get(keyId);
    if (!key) return false;
    const text = Buffer.from(signedText(tenantId, head));
    return verify(null, text, key, Buffer.from(signature, "base64url"));
  };
}
