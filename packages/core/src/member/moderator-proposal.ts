import { z } from "zod";
import { ActorRef, type ActorWith, type MemberActor, refOf, requireTake } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import { MemberId } from "../id/index.ts";
import type { MemberEvent } from "./member.ts";
import type { Member } from "./schema.ts";

/** One person's word that a member should be a moderator; it takes another's to make them one. */
export const ModeratorProposal = z
  .object({
    memberId: MemberId,
    proposedBy: ActorRef,
    status: z.enum(["open", "confirmed", "withdrawn"]),
    version: z.number().int().positive(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "ModeratorProposal" });
export type ModeratorProposal = z.infer<typeof ModeratorProposal>;

export type ModeratorProposalEvent =
  | DomainEvent<"moderator-proposal.opened", Record<never, never>>
  | DomainEvent<"moderator-proposal.confirmed", Record<never, never>>
  | DomainEvent<"moderator-proposal.withdrawn", Record<never, never>>;

type Administrator = ActorWith<"member:update">;

interface Change {
  readonly next: ModeratorProposal;
  readonly event: ModeratorProposalEvent;
}

function requireCandidate(member: Member, by: Administrator): void {
  if (by.memberId === member.memberId) raise("member-is-yourself");
  if (member.status === "ended") raise("member-ended");
  if (member.roles.includes("moderator")) raise("moderator-already");
}

/** Not of oneself. A proposal that ended is opened anew. */
export function propose(
  member: Member,
  earlier: ModeratorProposal | undefined,
  by: Administrator,
  now: Date,
): Change {
  requireCandidate(member, by);
  requireTake(by, ["moderator"]);
  if (earlier?.status === "open") raise("moderator-proposal-open");
  const at = now.toISOString();
  return {
    next: {
      memberId: member.memberId,
      proposedBy: refOf(by),
      status: "open",
      version: (earlier?.version ?? 0) + 1,
      createdAt: at,
      updatedAt: at,
    },
    event: eventOf("moderator-proposal.opened", by, now, {}),
  };
}

const ended = (
  proposal: ModeratorProposal,
  status: "confirmed" | "withdrawn",
  now: Date,
): ModeratorProposal => ({
  ...proposal,
  status,
  version: proposal.version + 1,
  updatedAt: now.toISOString(),
});

/**
 * By neither the candidate nor who proposed it.
 * @param proposer as their membership says now; undefined once it has ended
 * @throws DomainError member-is-yourself | member-ended | moderator-already |
 *   moderator-proposal-ended | moderator-needs-two | moderator-proposal-void
 */
export function confirm(
  member: Member,
  proposal: ModeratorProposal,
  proposer: MemberActor | undefined,
  by: Administrator,
  now: Date,
): Change & { readonly member: { readonly next: Member; readonly event: MemberEvent } } {
  requireCandidate(member, by);
  if (proposal.status !== "open") raise("moderator-proposal-ended");
  requireTake(by, ["moderator"]);
  if (proposal.proposedBy.kind === "member" && proposal.proposedBy.memberId === by.memberId) {
    raise("moderator-needs-two");
  }
  if (!proposer?.roles.some((role) => role === "owner" || role === "admin")) {
    raise("moderator-proposal-void");
  }
  const roles = [...member.roles, "moderator" as const];
  return {
    next: ended(proposal, "confirmed", now),
    event: eventOf("moderator-proposal.confirmed", by, now, {}),
    member: {
      next: { ...member, roles, version: member.version + 1, updatedAt: now.toISOString() },
      event: eventOf("member.changed", by, now, { before: member.roles, roles }),
    },
  };
}

export function withdraw(proposal: ModeratorProposal, by: Administrator, now: Date): Change {
  if (proposal.status !== "open") raise("moderator-proposal-ended");
  return {
    next: ended(proposal, "withdrawn", now),
    event: eventOf("moderator-proposal.withdrawn", by, now, {}),
  };
}
