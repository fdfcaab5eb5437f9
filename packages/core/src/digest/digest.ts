import { createHash } from "node:crypto";

/** JSON with sorted keys and without absent members, bytes as base64: the same value is the same text. */
export function canonicalJson(value: unknown): string {
  if (value instanceof Uint8Array) return `b"${Buffer.from(value).toString("base64")}"`;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

/** SHA-256 of the canonical JSON, as hex. */
export const digestOf = (value: unknown): string =>
  createHash("sha256").update(canonicalJson(value)).digest("hex");

/** The same as base64url: for rows that hold several, since a kilobyte is what a write is billed by. */
export const shortDigestOf = (value: unknown): string =>
  createHash("sha256").update(canonicalJson(value)).digest("base64url");
