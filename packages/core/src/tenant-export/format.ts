import type { ContentsRow } from "../tenant-contents/index.ts";

/**
 * Kinds of rows that are left out: what opens something, what is only good for a while, and what the
 * product makes again from the rest.
 */
export const leftOut: ReadonlySet<string> = new Set([
  // What opens something.
  "LoginSession",
  "RefreshToken",
  "SignUp",
  "SsoConnection",
  "SsoLogin",
  "SsoHandover",
  "StepToken",
  // Good for a while.
  "RecordedAnswer",
  "BillingEvent",
  "RateBucket",
  "SentMail",
  "SourceState",
  "ExportPart",
  "TenantExport",
  // Made again from the rest.
  "IndexPage",
  "IndexPatch",
  "ImportChunk",
  "PartnerName",
  "PartnerRulesMark",
  "SsoLinkOfMember",
  "PersonSalt",
]);

/** Attributes that prove something to us and nothing to anybody else. */
const secret = /^(tokenHash|keyHash|secretHash|passwordHash|refreshHash|changeId|packed)$/;

export const isExported = (entity: string): boolean => !leftOut.has(entity);

/** One row as a line of NDJSON. */
export const lineOf = ({ row }: ContentsRow): string =>
  `${JSON.stringify(row, (name, value: unknown) => (secret.test(name) ? undefined : value))}\n`;

/** `FactReport` lies in `fact-report-…`. */
export const fileNameOf = (entity: string, part: number, ordinal: number): string => {
  const kind = entity.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
  return `${kind}-${String(part).padStart(5, "0")}-${ordinal}.ndjson`;
};
