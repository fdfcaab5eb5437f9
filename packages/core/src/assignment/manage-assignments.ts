import { requirePermission } from "../actor/index.ts";
import { everyItem, type Page, type PageRequest, type RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { AssignmentId, type MemberId, type PartnerId, type ProgramId } from "../id/index.ts";
import { getPartner, type PartnerStore } from "../partner/index.ts";
import { assign as decide, endAssignment as decideEnd, requireAssigner } from "./assignment.ts";
import type { MostAssignedStore, RosterStore, SignatureStore } from "./repository.ts";
import {
  type Assign,
  type Assignments,
  MOST_OF_A_DUTY,
  MOST_OF_A_PERSON,
  type PastAssignment,
  type Roster,
  type Scope,
} from "./schema.ts";

type Context = RequestContext<PartnerStore & MostAssignedStore & RosterStore>;

export const atPartner = (partnerId: PartnerId): Scope => ({ partnerId, programId: null });
export const inProgram = (programId: ProgramId): Scope => ({ partnerId: null, programId });

/**
 * The scope is there and the caller may see it; a program's people are no matter of partners.
 * @returns how many may have each duty there
 * @throws DomainError partner-not-found | program-not-found
 */
async function limitsOf(ctx: Context, { partnerId, programId }: Scope) {
  if (partnerId !== null) {
    await getPartner(ctx, partnerId);
    return undefined;
  }
  const isSeen = ctx.actor.kind !== "partner-user" && programId !== null;
  const program = isSeen ? await ctx.store.programs.get(programId) : undefined;
  return (program ?? raise("program-not-found")).draft.decisionRights.mostAssigned;
}

const rosterOf = async (ctx: Context, scope: Scope): Promise<Roster | undefined> =>
  (await ctx.store.rosters.of([scope]))[0];

/** @throws DomainError permission-denied | partner-not-found | program-not-found */
export async function getAssignments(ctx: Context, scope: Scope): Promise<Assignments> {
  requirePermission(ctx.actor, "assignment:read");
  await limitsOf(ctx, scope);
  const none = { ...scope, current: [], updatedAt: null, version: 0 };
  return (await rosterOf(ctx, scope)) ?? none;
}

/** Those that have ended, the last one first. @throws DomainError permission-denied | partner-not-found | program-not-found */
export async function listPastAssignments(
  ctx: Context,
  scope: Scope,
  page: PageRequest,
): Promise<Page<PastAssignment>> {
  requirePermission(ctx.actor, "assignment:read");
  await limitsOf(ctx, scope);
  return ctx.store.rosters.past(scope, page);
}

/**
 * The duty is theirs from their next request on.
 * @throws DomainError permission-denied | partner-not-found | program-not-found |
 *   assignment-not-grantable | member-is-yourself | assignment-holder-unknown | assignment-wrong-side |
 *   assignment-exists | assignments-full | version-stale
 */
export async function assign(ctx: Context, scope: Scope, input: Assign): Promise<Roster> {
  const by = requirePermission(ctx.actor, "assignment:manage");
  requireAssigner(by, input.duty, input.holder);
  const ofDuties = await limitsOf(ctx, scope);
  const [roster, state] = await Promise.all([
    rosterOf(ctx, scope),
    ctx.store.rosters.holder(input.holder),
  ]);
  const change = decide(
    roster,
    { scope, assignmentId: ctx.mint(AssignmentId), input },
    state,
    { ofDuty: ofDuties?.[input.duty] ?? MOST_OF_A_DUTY, ofPerson: MOST_OF_A_PERSON },
    by,
    ctx.now,
  );
  await ctx.store.rosters.save(change);
  return change.next;
}

/**
 * The duty is not theirs from their next request on. A signatory whom a plan waits for keeps it until
 * the decision is made or handed over.
 * @throws DomainError permission-denied | partner-not-found | program-not-found | assignment-not-found |
 *   assignment-not-grantable | assignment-step-waiting | version-stale
 */
export async function endAssignment(
  ctx: Context & RequestContext<SignatureStore>,
  scope: Scope,
  { assignmentId, ifVersion }: { readonly assignmentId: AssignmentId; readonly ifVersion: number },
): Promise<Roster> {
  const by = requirePermission(ctx.actor, "assignment:manage");
  await limitsOf(ctx, scope);
  const roster = (await rosterOf(ctx, scope)) ?? raise("assignment-not-found");
  if (roster.version !== ifVersion) raise("version-stale");
  const assignment =
    roster.current.find((one) => one.assignmentId === assignmentId) ??
    raise("assignment-not-found");
  const { duty, holder } = assignment;
  requireAssigner(by, duty, holder);
  if (duty === "plan-signatory" && holder.kind === "member") {
    if (await isAwaited(ctx, holder.memberId, scope)) raise("assignment-step-waiting");
  }
  const state = (await ctx.store.rosters.holder(holder)) ?? raise("assignment-holder-unknown");
  const change = decideEnd(roster, assignment, state, by, ctx.now);
  await ctx.store.rosters.save(change);
  return change.next;
}

/** Whether a plan waits for the member as a signatory: at the partner, or for a program at any. */
async function isAwaited(
  { store }: RequestContext<SignatureStore>,
  memberId: MemberId,
  scope: Scope,
): Promise<boolean> {
  for await (const plan of everyItem((page) => store.developmentPlans.waitingFor(memberId, page))) {
    const isHere = scope.partnerId === null || plan.partnerId === scope.partnerId;
    if (isHere && plan.needsSignatory) return true;
  }
  return false;
}
