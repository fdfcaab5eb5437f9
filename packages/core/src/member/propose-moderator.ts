import { type MemberActor, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { MemberId } from "../id/index.ts";
import { confirm, type ModeratorProposal, propose, withdraw } from "./moderator-proposal.ts";
import type { MemberStore } from "./repository.ts";

type Context = RequestContext<MemberStore>;
interface Target {
  readonly memberId: MemberId;
  readonly ifVersion: number;
}

/**
 * Another administrator makes the member a moderator by confirming.
 * @throws DomainError permission-denied | member-not-found | member-is-yourself | member-ended |
 *   moderator-already | moderator-proposal-open | version-stale
 */
export async function proposeModerator(
  ctx: Context,
  memberId: MemberId,
): Promise<ModeratorProposal> {
  const by = requirePermission(ctx.actor, "member:update");
  const member = (await ctx.store.members.get(memberId)) ?? raise("member-not-found");
  const earlier = await ctx.store.members.moderatorProposal(memberId);
  const { next, event } = propose(member, earlier, by, ctx.now);
  await ctx.store.members.saveProposal(next, event);
  return next;
}

/** @throws DomainError permission-denied | moderator-proposal-not-found */
export async function getModeratorProposal(
  ctx: Context,
  memberId: MemberId,
): Promise<ModeratorProposal> {
  requirePermission(ctx.actor, "member:update");
  return found(ctx, memberId);
}

const found = async (ctx: Context, memberId: MemberId): Promise<ModeratorProposal> =>
  (await ctx.store.members.moderatorProposal(memberId)) ?? raise("moderator-proposal-not-found");

async function current(ctx: Context, { memberId, ifVersion }: Target): Promise<ModeratorProposal> {
  const proposal = await found(ctx, memberId);
  if (proposal.version !== ifVersion) raise("version-stale");
  return proposal;
}

/**
 * @throws DomainError permission-denied | moderator-proposal-not-found | version-stale |
 *   member-is-yourself | member-ended | moderator-already | moderator-proposal-ended |
 *   moderator-needs-two | moderator-proposal-void
 */
export async function confirmModerator(ctx: Context, target: Target): Promise<ModeratorProposal> {
  const by = requirePermission(ctx.actor, "member:update");
  const proposal = await current(ctx, target);
  const member = (await ctx.store.members.get(target.memberId)) ?? raise("member-not-found");
  const proposer = await proposerOf(ctx, proposal);
  const { next, event, member: made } = confirm(member, proposal, proposer?.actor, by, ctx.now);
  if (!proposer) raise("moderator-proposal-void");
  await ctx.store.members.saveProposal(next, event, { ...made, proposer });
  return next;
}

/** @throws DomainError permission-denied | moderator-proposal-not-found | version-stale | moderator-proposal-ended */
export async function withdrawModerator(ctx: Context, target: Target): Promise<ModeratorProposal> {
  const by = requirePermission(ctx.actor, "member:update");
  const { next, event } = withdraw(await current(ctx, target), by, ctx.now);
  await ctx.store.members.saveProposal(next, event);
  return next;
}

async function proposerOf(ctx: Context, { proposedBy }: ModeratorProposal) {
  if (proposedBy.kind !== "member") return undefined;
  const member = await ctx.store.members.get(proposedBy.memberId);
  if (member?.status !== "active") return undefined;
  const { memberId, personId, roles, version } = member;
  const actor: MemberActor = { kind: "member", memberId, personId, roles };
  return { memberId, version, actor };
}
