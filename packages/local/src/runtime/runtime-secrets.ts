import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { generateSigningKey, SigningKey } from "@concord/api";
import { AuditSigningKey } from "@concord/core/audit";
import { z } from "zod";

const Secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** What a deployed stage keeps in its secret store; here made once and kept in the data folder. */
const RuntimeSecrets = z.object({
  /** Oldest first. */
  signingKeys: z.array(SigningKey).min(1),
  /** 256 bits each, base64url. */
  cursorSecret: Secret,
  uploadSecret: Secret,
  tokenVaultKey: Secret,
  /** One-time tokens are derived from it. */
  tokenSecret: Secret,
  /** Signs the heads of the audit chains. */
  auditKey: AuditSigningKey,
});
export type RuntimeSecrets = z.infer<typeof RuntimeSecrets>;

export function generateAuditKey(): AuditSigningKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  return AuditSigningKey.parse({
    ...privateKey.export({ format: "jwk" }),
    kid: randomBytes(8).toString("hex"),
  });
}

/** The same secrets at every start of a data folder, so that tokens and upload addresses outlive a restart. */
export async function runtimeSecrets(database: DatabaseSync): Promise<RuntimeSecrets> {
  database.exec(
    "CREATE TABLE IF NOT EXISTS secrets (id INTEGER PRIMARY KEY CHECK (id = 1), content TEXT NOT NULL)",
  );
  const row = database.prepare("SELECT content FROM secrets").get();
  const stored: object = row ? JSON.parse(String(row["content"])) : {};
  const known = RuntimeSecrets.safeParse(stored);
  if (known.success) return known.data;
  const secret = () => randomBytes(32).toString("base64url");
  // A folder of an earlier release has one key, and lacks the secrets that came later.
  const earlier = z.object({ signingKey: SigningKey }).safeParse(stored);
  const made = RuntimeSecrets.parse({
    signingKeys: [earlier.success ? earlier.data.signingKey : await generateSigningKey()],
    cursorSecret: secret(),
    uploadSecret: secret(),
    tokenVaultKey: secret(),
    tokenSecret: secret(),
    auditKey: generateAuditKey(),
    ...stored,
  });
  database
    .prepare("INSERT OR REPLACE INTO secrets (id, content) VALUES (1, ?)")
    .run(JSON.stringify(made));
  return made;
}
