/**
 * The cookie that ties a log-in to the browser that began it. With `__Host-` a browser takes it over
 * https alone, from this very host, so that no other host can plant one (RFC 6265bis, 4.1.3.2).
 */
const SECURE_NAME = "__Host-concord-sso";
/** On a developer's machine there is no https, which `__Host-` wants. */
const LOCAL_NAME = "concord-sso";

const isSecure = (publicUrl: string): boolean => publicUrl.startsWith("https:");
const nameOf = (publicUrl: string): string => (isSecure(publicUrl) ? SECURE_NAME : LOCAL_NAME);

/** @param maxAgeSeconds 0 takes the cookie away */
export const browserCookie = (publicUrl: string, value: string, maxAgeSeconds: number): string =>
  [
    `${nameOf(publicUrl)}=${value}`,
    "Path=/",
    `Max-Age=${maxAgeSeconds}`,
    "HttpOnly",
    // The provider sends the browser back from another site, by a link.
    "SameSite=Lax",
    ...(isSecure(publicUrl) ? ["Secure"] : []),
  ].join("; ");

/** Its value in a Cookie header; empty where it is not there, or twice. */
export function browserSecretIn(publicUrl: string, header: string | undefined): string {
  const name = nameOf(publicUrl);
  const values = (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? (values[0] ?? "") : "";
}
