import { hash } from "node:crypto";

/** JSON with sorted keys and without absent members, bytes as base64: the same value is the same text. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (value instanceof Uint8Array) return `b"${Buffer.from(value).toString("base64")}"`;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const held = value as Readonly<Record<string, unknown>>;
  let members = "";
  for (const name of Object.keys(held).sort(byCodeUnit)) {
    const member = held[name];
    if (member === undefined) continue;
    members += `${members ? "," : ""}${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : 1);

/** SHA-256 of the canonical JSON, as hex. */
export const digestOf = (value: unknown): string => hash("sha256", canonicalJson(value), "hex");

/** The same as base64url: for rows that hold several, since a kilobyte is what a write is billed by. */
export const shortDigestOf = (value: unknown): string =>
  hash("sha256", canonicalJson(value), "base64url");
