/** What a log line must never hold, whoever wrote it. */
const TOLD: Readonly<Record<string, RegExp>> = {
  "a signed token": /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]{8,}/,
  "an address": /[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}\b/i,
  "a header that authorizes": /\bBearer [^\s"\\]|\bSet-Cookie: /i,
  "a private key": /"d\\?":|PRIVATE KEY/,
  "a secret of 32 bytes": /(?<![\w/-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{43,}/,
  "a link of a second factor": /otpauth:/,
  "a canary": /canary-/,
  "a password": /a password of /,
};

/**
 * What of a log line should have stayed secret: tokens, addresses, keys, passwords, and what tests write into every
 * field of a tenant's data.
 * @returns what it is, with the place
 */
export function toldSecrets(line: unknown): string[] {
  const text = JSON.stringify(line) ?? "";
  return Object.entries(TOLD).flatMap(([what, shape]) => {
    const found = shape.exec(text);
    if (!found) return [];
    return [`${what} in ${text.slice(Math.max(0, found.index - 80), found.index + 80)}`];
  });
}

/** Takes log lines in, and fails where one tells a secret. */
export function discreet<Line>(take: (line: Line) => void): (line: Line) => void {
  return (line) => {
    const told = toldSecrets(line);
    if (told.length > 0) throw new Error(`A log line tells ${told.join("; ")}`);
    take(line);
  };
}
