import { z } from "zod";

/** What kind of place is wrong. */
export const FindingKind = z.enum([
  "link-missing",
  "link-altered",
  "segment-missing",
  "head-missing",
  "head-altered",
  "head-unsigned",
  "entry-missing",
  "entry-altered",
  "entry-unlinked",
  "event-missing",
  "event-altered",
  "event-unrecorded",
  "state-missing",
  "state-altered",
  "removal-unruled",
  "unreadable",
]);
export type FindingKind = z.infer<typeof FindingKind>;

/** A place of the audit trail that is not as it was written. */
export const AuditFinding = z
  .object({
    kind: FindingKind,
    /** Which one, such as the key of an entry or the number of a link. */
    place: z.string(),
    detail: z.string(),
  })
  .meta({ id: "AuditFinding" });
export type AuditFinding = z.infer<typeof AuditFinding>;

const MOST_FINDINGS = 20;

/** Everything that is found wrong, the first ones by name. */
export interface Findings {
  add(kind: FindingKind, place: string, detail: string): void;
  readonly first: readonly AuditFinding[];
  readonly count: number;
}

export function collectFindings(): Findings {
  const first: AuditFinding[] = [];
  let count = 0;
  return {
    add(kind, place, detail) {
      count += 1;
      if (first.length < MOST_FINDINGS) first.push({ kind, place, detail });
    },
    first,
    get count() {
      return count;
    },
  };
}
