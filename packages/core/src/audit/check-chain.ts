import type { TenantId } from "../id/index.ts";
import { headOf, mustBeSigned } from "./audit.ts";
import type { Findings } from "./findings.ts";
import type { AuditRepository } from "./repository.ts";
import type { AuditHead, AuditLink } from "./schema.ts";
import type { VerifyHead } from "./signature.ts";

export interface ChainCheck {
  readonly audit: AuditRepository;
  readonly tenantId: TenantId;
  readonly now: Date;
  readonly verifyHead: VerifyHead;
  /** Heads kept outside the table, such as the ones in the logs. */
  readonly knownHeads: readonly AuditHead[];
  readonly findings: Findings;
}

/** For each day the digests of its linked entries, by key. */
export type LinkedDays = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Follows the chain from its first link: numbers without gaps, each head the digest of its segment and
 * the head before, every signed head one of them.
 */
export async function checkChain(check: ChainCheck): Promise<{ days: LinkedDays; links: number }> {
  const { audit, findings } = check;
  const days = new Map<string, Map<string, string>>();
  const heads = new Map<number, string>();
  let last: AuditLink | undefined;
  for await (const link of audit.links()) {
    const place = `link ${link.number}`;
    if (link.number !== (last?.number ?? 0) + 1) {
      findings.add("link-missing", place, `it follows link ${last?.number ?? 0}`);
    }
    if (link.previous !== (last?.head ?? "")) {
      findings.add("link-altered", place, "it does not hold the head of the link before");
    }
    last = link;
    heads.set(link.number, link.head);
    const segment = await audit.segment(link);
    if (!segment) {
      findings.add("segment-missing", place, `the segment of ${link.day} is gone`);
      continue;
    }
    const isItsOwn = segment.number === link.number && segment.day === link.day;
    if (!isItsOwn || headOf(link, segment.entries) !== link.head) {
      findings.add("link-altered", place, "its head is not the digest of what it links");
    }
    const ofDay = days.get(link.day) ?? new Map<string, string>();
    days.set(link.day, ofDay);
    for (const { key, digest } of segment.entries) ofDay.set(key, digest);
  }
  await checkHeads(check, heads, last);
  return { days, links: heads.size };
}

async function checkHeads(
  { audit, tenantId, now, verifyHead, knownHeads, findings }: ChainCheck,
  links: ReadonlyMap<number, string>,
  last: AuditLink | undefined,
): Promise<void> {
  const checkOne = (head: AuditHead, where: string) => {
    const place = `head ${head.number}${where}`;
    if (!verifyHead(tenantId, head)) {
      findings.add("head-altered", place, "its signature is not valid");
    } else if (links.get(head.number) === undefined) {
      findings.add("link-missing", place, "the chain does not reach it");
    } else if (links.get(head.number) !== head.head) {
      findings.add("link-altered", place, "the chain has another head there");
    }
  };
  const kept = new Set<string>();
  let previous = 0;
  for await (const head of audit.everyHead()) {
    checkOne(head, "");
    kept.add(head.signature);
    if (head.previousNumber !== previous) {
      findings.add("head-missing", `head ${head.previousNumber}`, `head ${head.number} follows it`);
    }
    previous = head.number;
  }
  if (last && last.number !== previous && mustBeSigned(last, now)) {
    findings.add("head-unsigned", `link ${last.number}`, "no signed head reaches it");
  }
  for (const head of knownHeads) {
    checkOne(head, " from outside the table");
    if (!kept.has(head.signature)) {
      findings.add("head-missing", `head ${head.number}`, "it is known from outside the table");
    }
  }
}
