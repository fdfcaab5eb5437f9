import { z } from "zod";
import { MemberId, PersonId } from "../id/index.ts";

/** What of an identity provider's address is an issuer (OpenID Connect Discovery 1.0, section 4). */
const Issuer = z
  .url()
  .max(500)
  .refine((text) => {
    // Asked of what is no address too, which the check before it says.
    if (!URL.canParse(text)) return false;
    const { search, hash, username, password } = new URL(text);
    return search === "" && hash === "" && username === "" && password === "";
  }, "must have no query, fragment or user")
  .meta({ example: "https://login.northwind.example" });

/** How the tenant's own members log in at the tenant's identity provider (OpenID Connect). */
export const SsoConnection = z.object({
  issuer: Issuer,
  clientId: z.string().min(1).max(500).meta({ example: "concord" }),
  /** AES-256-GCM; opened only to talk to the provider. */
  sealedClientSecret: z.string(),
  isEnabled: z.boolean(),
  /** While enabled: members log in by it alone. Owners keep their password, so that nobody is locked out. */
  isRequired: z.boolean(),
  version: z.number().int().positive(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type SsoConnection = z.infer<typeof SsoConnection>;

export const SsoConnectionView = SsoConnection.omit({ sealedClientSecret: true }).meta({
  id: "SsoConnection",
});
export type SsoConnectionView = z.infer<typeof SsoConnectionView>;

export const ConnectSso = z
  .strictObject({
    issuer: Issuer,
    clientId: SsoConnection.shape.clientId,
    clientSecret: z.string().min(1).max(1000).meta({ example: "a secret of the provider" }),
    isRequired: z.boolean().default(false),
  })
  .meta({ id: "ConnectSso" });
export type ConnectSso = z.infer<typeof ConnectSso>;

export const UpdateSso = z
  .strictObject({
    issuer: Issuer,
    clientId: SsoConnection.shape.clientId,
    clientSecret: ConnectSso.shape.clientSecret,
    isEnabled: z.boolean(),
    isRequired: z.boolean(),
  })
  .partial()
  .meta({ id: "UpdateSso" });
export type UpdateSso = z.infer<typeof UpdateSso>;

const Sha256 = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, "must be 43 characters of base64url")
  .meta({ example: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" });

/** A log-in that the browser has been sent to the provider with; taken once, within ten minutes. */
export const SsoLogin = z.object({
  stateHash: z.string(),
  issuer: Issuer,
  clientId: z.string(),
  /** SHA-256 of what the client will prove itself with when it takes the tokens. */
  challenge: Sha256,
  /** Where the browser goes afterwards; null where it is answered with the code itself. */
  returnTo: z.string().nullable(),
  /** Epoch seconds. */
  expiresAt: z.number().int(),
});
export type SsoLogin = z.infer<typeof SsoLogin>;

/** A log-in that the provider has confirmed, waiting for the client to take its tokens; once, within a minute. */
export const SsoHandover = z.object({
  codeHash: z.string(),
  memberId: MemberId,
  personId: PersonId,
  challenge: Sha256,
  /** Epoch seconds. */
  expiresAt: z.number().int(),
});
export type SsoHandover = z.infer<typeof SsoHandover>;

/** Which member a subject of the provider is, kept from the first log-in on. */
export const SsoLink = z.object({
  issuer: Issuer,
  subject: z.string().max(255),
  memberId: MemberId,
  personId: PersonId,
  version: z.number().int().positive(),
  linkedAt: z.iso.datetime(),
  /** When the fields of the person in it were erased. */
  erasedAt: z.iso.datetime().optional(),
});
export type SsoLink = z.infer<typeof SsoLink>;

export const StartSso = z.strictObject({
  tenant: z.string().regex(/^ten_[0-9A-HJKMNP-TV-Z]{26}$/, "must be a ten_… id"),
  /** base64url of the SHA-256 of a random verifier that the client keeps (as in RFC 7636, S256). */
  challenge: Sha256,
  /** Where the browser is sent afterwards, with `code` or `error`; its origin must be one that is allowed. */
  returnTo: z.url().max(1000).optional(),
});
export type StartSso = z.infer<typeof StartSso>;

export const SsoCode = z.object({ code: z.string() }).meta({ id: "SsoCode" });

export const RedeemSso = z
  .strictObject({
    code: z.string().min(1).max(200),
    /** What `challenge` was the hash of: 43 to 128 characters. */
    verifier: z
      .string()
      .regex(/^[A-Za-z0-9._~-]{43,128}$/, "must be 43 to 128 unreserved characters"),
  })
  .meta({ id: "RedeemSso" });
export type RedeemSso = z.infer<typeof RedeemSso>;
