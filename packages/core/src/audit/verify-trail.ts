import { z } from "zod";
import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { UnreadableRow } from "../error/index.ts";
import type { TenantId } from "../id/index.ts";
import { checkChain } from "./check-chain.ts";
import { checkCounts } from "./check-counts.ts";
import { checkEntries, type Removals } from "./check-entries.ts";
import { readRemovals } from "./check-removals.ts";
import { AuditFinding, collectFindings, type Findings } from "./findings.ts";
import type { AuditStore } from "./repository.ts";
import type { AuditHead } from "./schema.ts";
import type { VerifyHead } from "./signature.ts";

const Count = z.number().int().nonnegative();

export const AuditVerification = z
  .object({
    outcome: z.enum(["intact", "broken", "not-finished"]).meta({
      description: "not-finished: nothing wrong so far, but more rows than one request reads",
    }),
    verifiedAt: z.iso.datetime(),
    links: Count,
    entries: Count,
    /** Objects whose events were counted against their version. */
    objects: Count,
    events: Count,
    /** Entries and events of the last hours that wait to be linked. */
    waiting: Count,
    findingCount: Count,
    /** The first of them. */
    findings: z.array(AuditFinding),
  })
  .meta({ id: "AuditVerification" });
export type AuditVerification = z.infer<typeof AuditVerification>;

const noChain = { days: new Map(), links: 0 };
const nothingSeen = { entries: new Map(), objects: new Map(), unlinked: 0 };
const noRemovals: Removals = {
  covers: () => false,
  standing: () => "kept",
  check: () => undefined,
};
const nothingCounted = { objects: 0, events: 0, unrecorded: 0 };

/** A row that no longer parses is a place that is wrong, and the rest is still looked at. */
async function readable<T>(
  findings: Findings,
  part: string,
  otherwise: T,
  look: () => Promise<T>,
): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof z.ZodError || error instanceof UnreadableRow)) throw error;
    findings.add("unreadable", part, "a row of it cannot be read");
    return otherwise;
  }
}

/**
 * Recomputes the whole trail: chain, signed heads, entries, events, and the count of events against
 * the version of every object.
 * @param input.mostRows reads no more than about so many rows
 * @throws DomainError permission-denied
 */
export async function verifyTrail(
  ctx: RequestContext<AuditStore>,
  input: {
    readonly tenantId: TenantId;
    readonly verifyHead: VerifyHead;
    readonly knownHeads?: readonly AuditHead[];
    readonly mostRows?: number;
  },
): Promise<AuditVerification> {
  requirePermission(ctx.actor, "audit:verify");
  const { tenantId, verifyHead, knownHeads = [], mostRows = Number.POSITIVE_INFINITY } = input;
  const findings = collectFindings();
  let read = 0;
  const goesOn = (rows: number): boolean => {
    read += rows;
    return read <= mostRows;
  };
  const check = { audit: ctx.store.audit, now: ctx.now, findings, goesOn };
  const chain = await readable(findings, "the chain", noChain, () =>
    checkChain({ ...check, tenantId, verifyHead, knownHeads }),
  );
  const removals = await readable(findings, "the removals", noRemovals, () => readRemovals(check));
  const seen = await readable(findings, "the entries", nothingSeen, () =>
    checkEntries(check, chain.days, removals),
  );
  removals.check(seen.objects);
  const counts = await readable(findings, "the objects", nothingCounted, async () =>
    read <= mostRows ? checkCounts(check, seen, removals) : nothingCounted,
  );
  const isWhole = read <= mostRows;
  return {
    outcome: findings.count > 0 ? "broken" : isWhole ? "intact" : "not-finished",
    verifiedAt: ctx.now.toISOString(),
    links: chain.links,
    entries: seen.entries.size,
    ...{ objects: counts.objects, events: counts.events },
    waiting: seen.unlinked + counts.unrecorded,
    findingCount: findings.count,
    findings: [...findings.first],
  };
}
