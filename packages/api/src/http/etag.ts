import { raise } from "@concord/core/error";

/** Strong tags: `If-Match` compares strongly (RFC 9110, 13.1.1), so a weak tag would never match. */
export const toEtag = (version: number): string => `"${version}"`;

/**
 * The version an If-Match names.
 * @throws DomainError version-required where the header is missing, version-stale for a tag we never gave
 */
export function versionOf(ifMatch: string | undefined): number {
  if (ifMatch === undefined || ifMatch.trim() === "") {
    raise("version-required", 'Send the ETag of the object you changed, as in If-Match: "3"');
  }
  const match = /^"(\d{1,9})"$/.exec(ifMatch.trim());
  if (match) return Number(match[1]);
  raise(
    "version-stale",
    'If-Match holds no ETag of ours: send it as it was given, quotes included, as in If-Match: "3"',
  );
}
