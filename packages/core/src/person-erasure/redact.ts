import { ERASED_NAME, erasedAddress } from "../person/index.ts";

/** Whose name and address are to go out of recorded answers. */
export interface Redaction {
  /** Of the membership, the invitations and the API keys. */
  readonly ids: readonly string[];
  readonly addresses: readonly string[];
}

/** Members of an answer that hold something of a person. */
const personal = new Set(["displayName", "email", "name"]);

/**
 * The body of an answer without the person, as a read would give it now: objects that are theirs lose
 * name and address, and the address goes wherever else it stands.
 * @returns undefined where nothing of them is in it
 */
export function redactBody(body: string, { ids, addresses }: Redaction): string | undefined {
  const names = [...ids, ...addresses];
  if (body === "" || !names.some((name) => body.includes(name))) return undefined;
  const placeholder = erasedAddress(ids[0] ?? "nobody");
  const isTheirs = (value: object): boolean =>
    Object.values(value).some((one) => typeof one === "string" && names.includes(one));
  const redacted = (value: unknown): unknown => {
    if (typeof value === "string") {
      return addresses.reduce((text, address) => text.replaceAll(address, placeholder), value);
    }
    if (Array.isArray(value)) return value.map(redacted);
    if (typeof value !== "object" || value === null) return value;
    const isOwn = isTheirs(value);
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        if (!isOwn || !personal.has(name) || typeof inner !== "string") {
          return [name, redacted(inner)];
        }
        return [name, name === "email" ? placeholder : ERASED_NAME];
      }),
    );
  };
  return JSON.stringify(redacted(JSON.parse(body)));
}
