import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { DisputeId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import {
  type FrozenCard,
  readInputs,
  type ScorecardKey,
  type ScorecardStore,
} from "../scorecard/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { file, nextTimer, requireDisputable } from "./dispute.ts";
import type { DisputeStore } from "./repository.ts";
import type { Dispute, FileDispute } from "./schema.ts";

type Context = RequestContext<
  DisputeStore & PartnerStore & ProgramStore & ScorecardStore & TenantProfileStore
>;

/**
 * A person of the partner disputes one matter of the newest revision of their card.
 * @throws DomainError permission-denied | scorecard-not-found | version-stale | dispute-window-closed |
 *   dispute-subject-unknown | dispute-fact-unknown | dispute-exists | dispute-settled
 */
export async function fileDispute(
  ctx: Context,
  key: ScorecardKey,
  input: FileDispute,
): Promise<Dispute> {
  const by = requirePermission(ctx.actor, "dispute:file");
  if (by.partnerId !== key.partnerId) raise("scorecard-not-found");
  const { disputes, partners, programs, scorecards, tenant } = ctx.store;
  const card = (await scorecards.latest(key)) ?? raise("scorecard-not-found");
  if (card.revision !== input.scorecardRevision) {
    raise("version-stale", `The scorecard is at revision ${card.revision}`);
  }
  const [program, partner, profile, subject] = await Promise.all([
    programs.version(card.programId, card.programVersion),
    partners.get(key.partnerId),
    tenant.get(),
    disputes.subject(key, input),
  ]);
  if (!program) raise("program-version-not-found");
  const made = file(
    { card, program, partnerName: partner?.name ?? key.partnerId },
    ctx.mint(DisputeId),
    input,
    by,
    ctx.now,
    profile ?? raise("tenant-not-found"),
  );
  requireDisputable(subject, card);
  await requireFacts(ctx, card, input);
  const timer = nextTimer(made.next);
  if (!timer) throw new Error("a new dispute waits for its decision");
  await disputes.file(made.next, made.event, timer);
  return made.next;
}

/** @throws DomainError dispute-fact-unknown */
async function requireFacts(
  ctx: Context,
  card: FrozenCard,
  { evidence: { opportunityIds } }: FileDispute,
): Promise<void> {
  if (opportunityIds.length === 0) return;
  const known = new Set((await readInputs(ctx, card)).map(({ opportunityId }) => opportunityId));
  const unknown = opportunityIds.flatMap((opportunityId, index) =>
    known.has(opportunityId)
      ? []
      : [{ pointer: `/evidence/opportunityIds/${index}`, detail: "is no fact behind the card" }],
  );
  if (unknown.length > 0) raise("dispute-fact-unknown", undefined, unknown);
}
