import {
  isOtherPartner,
  type MemberActor,
  type MemberRole,
  type PartnerActor,
  requirePermission,
} from "../actor/index.ts";
import { dateAt, nextPeriod, type Quarter, quarterOf } from "../calendar/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId, ProgramId } from "../id/index.ts";
import type { MemberStore } from "../member/index.ts";
import type { Partner, PartnerStore } from "../partner/index.ts";
import {
  definitionFor,
  type ProgramDefinition,
  type ProgramStore,
  pageOf,
  placeIn,
  programFor,
  type ScoringRules,
} from "../program/index.ts";
import { openingAt } from "../timer/index.ts";
import type { TargetSetKey, TargetStore } from "./repository.ts";
import type { ProposeTargets, TargetSet } from "./schema.ts";
import { acknowledge, noneProposed, propose } from "./target.ts";
import { judgeTargets } from "./target-faults.ts";

export type TargetContext = RequestContext<PartnerStore & ProgramStore & TargetStore>;
type People = Pick<MemberStore, "members" | "partnerUsers">;

/** What a partner user may not see does not exist. @throws DomainError partner-not-found */
export async function partnerOf(
  ctx: RequestContext<PartnerStore>,
  partnerId: PartnerId,
): Promise<Partner> {
  if (isOtherPartner(ctx.actor, partnerId)) raise("partner-not-found");
  return (await ctx.store.partners.get(partnerId)) ?? raise("partner-not-found");
}

/** One set, or that nothing was proposed. @throws DomainError partner-not-found | program-version-not-found */
export async function getTargets(ctx: TargetContext, key: TargetSetKey): Promise<TargetSet> {
  requirePermission(ctx.actor, "target:read");
  await partnerOf(ctx, key.partnerId);
  const known = await ctx.store.targets.get(key);
  if (known) return known;
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const program = programFor(rules, { period: key.from, programId: key.programId });
  return program ? noneProposed(key) : raise("program-version-not-found");
}

/** Of one partner, by program and first quarter. @throws DomainError partner-not-found */
export async function listTargets(
  ctx: TargetContext,
  partnerId: PartnerId,
  page: PageRequest,
): Promise<Page<TargetSet>> {
  requirePermission(ctx.actor, "target:read");
  await partnerOf(ctx, partnerId);
  return pageOf(await ctx.store.targets.ofPartner(partnerId), page);
}

/** Over all partners, the next to begin first. @throws DomainError permission-denied */
export async function listWaitingTargets(
  ctx: TargetContext,
  page: PageRequest,
): Promise<Page<TargetSet>> {
  requirePermission(ctx.actor, "waiting-target:read");
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const current = quarterOf(dateAt(ctx.now, rules.calendar), rules.calendar);
  const { items, position } = await ctx.store.targets.waiting(current, page);
  const ahead = items.filter((set) => !hasBegun(rules, set, ctx.now));
  return position === undefined ? { items: ahead } : { items: ahead, position };
}

function hasBegun(rules: ScoringRules, { programId, from }: TargetSetKey, now: Date): boolean {
  const program = programFor(rules, { period: from, programId });
  return (
    program === undefined ||
    openingAt(from, program.definition.windows.openAtLocalTime, rules.calendar) <= now
  );
}

/**
 * The program as it will measure from a quarter on. Once the quarter has begun its targets stand.
 * @throws DomainError target-program-missing | target-quarter-begun
 */
export function definitionAhead(
  rules: ScoringRules,
  { programId, from }: { readonly programId: ProgramId; readonly from: Quarter },
  now: Date,
): ProgramDefinition {
  const program = programFor(rules, { period: from, programId }) ?? raise("target-program-missing");
  const { definition } = program;
  const { openAtLocalTime } = definition.windows;
  let next = from;
  while (openingAt(next, openAtLocalTime, rules.calendar) <= now) next = nextPeriod(next);
  if (next !== from) {
    raise("target-quarter-begun", `${from} has begun: targets can be agreed for ${next} and later`);
  }
  return definition;
}

/** What a partner is measured by, as it stands today. */
export const templateOf = (definition: ProgramDefinition, partner: Partner): ProgramDefinition =>
  definitionFor(definition, placeIn(definition, partner)?.segmentId);

/**
 * Proposes targets in place of those proposed before; in force once both sides have acknowledged them.
 * @param input.ifVersion 0 where nothing was proposed yet
 * @throws DomainError permission-denied | partner-not-found | version-stale | targets-invalid |
 *   target-program-missing | target-quarter-begun
 */
export async function proposeTargets(
  ctx: TargetContext,
  key: TargetSetKey & { readonly ifVersion: number },
  input: ProposeTargets,
): Promise<TargetSet> {
  const by = requirePermission(ctx.actor, "target:propose");
  const partner = await partnerOf(ctx, key.partnerId);
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const definition = definitionAhead(rules, key, ctx.now);
  const { targets, faults } = judgeTargets(input.targets, templateOf(definition, partner));
  if (faults.length > 0) raise("targets-invalid", undefined, faults);
  const current = (await ctx.store.targets.get(key)) ?? noneProposed(key);
  if (current.version !== key.ifVersion) raise("version-stale");
  const { next, event } = propose(current, { targets, basis: input.basis }, by, ctx.now);
  await ctx.store.targets.save(next, event);
  return next;
}

/** For the vendor: the partner's own manager, or whoever leads programs. */
export function mayAnswer(by: MemberActor | PartnerActor, partner: Partner): boolean {
  if (by.kind === "partner-user" || by.memberId === partner.partnerManagerId) return true;
  return by.roles.some((role) => LEADERS.includes(role));
}
const LEADERS: readonly MemberRole[] = ["owner", "admin", "program-manager"];

/** A person can be of both sides; one signature is not two. @throws DomainError target-acknowledged-by-same-person */
async function requireAnother(
  { store, actor }: RequestContext<People>,
  { proposal }: TargetSet,
): Promise<void> {
  const by = proposal?.vendor?.by ?? proposal?.partner?.by;
  const other =
    by?.kind === "member"
      ? await store.members.get(by.memberId)
      : by?.kind === "partner-user"
        ? await store.partnerUsers.get(by.partnerUserId)
        : undefined;
  const isSame =
    (actor.kind === "member" || actor.kind === "partner-user") &&
    other?.personId === actor.personId;
  if (isSame) raise("target-acknowledged-by-same-person");
}

/**
 * Acknowledges what is proposed for one's side; with the second side it is agreed, and stands from its quarter on.
 * @throws DomainError permission-denied | partner-not-found | version-stale | target-proposal-missing |
 *   target-proposal-acknowledged | target-of-others | target-acknowledged-by-same-person |
 *   target-program-missing | target-quarter-begun
 */
export async function acknowledgeTargets(
  ctx: RequestContext<TargetContext["store"] & People>,
  key: TargetSetKey & { readonly ifVersion: number },
): Promise<TargetSet> {
  const by = requirePermission(ctx.actor, "target:acknowledge");
  const partner = await partnerOf(ctx, key.partnerId);
  if (!mayAnswer(by, partner)) raise("target-of-others");
  const current = (await ctx.store.targets.get(key)) ?? noneProposed(key);
  if (current.version !== key.ifVersion) raise("version-stale");
  const { next, event } = acknowledge(current, by, ctx.now);
  definitionAhead(await ctx.store.programs.scoringRules(ctx.now), key, ctx.now);
  if (next.agreed?.number === event.data.number) await requireAnother(ctx, current);
  await ctx.store.targets.save(next, event);
  return next;
}
