import { createHmac, timingSafeEqual } from "node:crypto";

export const UPLOAD_PATH = "/_local/uploads/";

/** What a signed upload address grants. */
export interface UploadGrant {
  readonly key: string;
  readonly expiresAt: Date;
  readonly maxBytes: number;
  /** Lower-case hex; the content must have it. */
  readonly sha256?: string | undefined;
}

const signatureOf = (secret: string, { key, expiresAt, maxBytes, sha256 = "" }: UploadGrant) =>
  createHmac("sha256", secret)
    .update(JSON.stringify(["PUT", key, expiresAt.toISOString(), maxBytes, sha256]))
    .digest("hex");

/** The address of one upload, like a pre-signed PUT of S3: whoever has it may use it until it expires. */
export function signUploadUrl(origin: string, secret: string, grant: UploadGrant): string {
  const path = grant.key.split("/").map(encodeURIComponent).join("/");
  const url = new URL(`${UPLOAD_PATH}${path}`, origin);
  url.searchParams.set("expires", grant.expiresAt.toISOString());
  url.searchParams.set("max-bytes", String(grant.maxBytes));
  if (grant.sha256 !== undefined) url.searchParams.set("sha256", grant.sha256);
  url.searchParams.set("signature", signatureOf(secret, grant));
  return url.href;
}

/** What the address grants, or `undefined` where its signature is not ours. */
export function verifyUploadUrl(secret: string, url: URL): UploadGrant | undefined {
  const expiresAt = new Date(url.searchParams.get("expires") ?? "");
  const maxBytes = Number(url.searchParams.get("max-bytes"));
  const key = keyOf(url);
  if (key === undefined || Number.isNaN(expiresAt.getTime())) return undefined;
  const sha256 = url.searchParams.get("sha256") ?? undefined;
  const grant = { key, expiresAt, maxBytes, sha256 };
  const given = Buffer.from(url.searchParams.get("signature") ?? "");
  const expected = Buffer.from(signatureOf(secret, grant));
  return given.length === expected.length && timingSafeEqual(given, expected) ? grant : undefined;
}

function keyOf(url: URL): string | undefined {
  try {
    return url.pathname.slice(UPLOAD_PATH.length).split("/").map(decodeURIComponent).join("/");
  } catch {
    return undefined;
  }
}
