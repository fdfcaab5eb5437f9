import type { RosterChange, RosterStore } from "../assignment/index.ts";
import type { Page, PageRequest } from "../context/index.ts";
import type { UsageStore } from "../edition/index.ts";
import type { MemberId, PartnerId, PartnerUserId } from "../id/index.ts";
import type { NewMembership, PersonStore } from "../person/index.ts";
import type { Timer } from "../timer/index.ts";
import type { MemberEvent, PartnerUserEvent } from "./member.ts";
import type { ModeratorProposal, ModeratorProposalEvent } from "./moderator-proposal.ts";
import type { Member, PartnerUser } from "./schema.ts";

/** A member about to be saved, with their way in. */
export interface NewMember extends NewMembership {
  readonly member: Member;
  readonly event: MemberEvent;
}

export interface NewPartnerUser extends NewMembership {
  readonly partnerUser: PartnerUser;
  readonly event: PartnerUserEvent;
}

/** What the erasure of a membership writes beside it. */
export interface MembershipErasure {
  /** Whether it opened something until now. */
  readonly wasActive: boolean;
  /** They leave every one of these. */
  readonly rosters: readonly RosterChange[];
  /** Goes on with the erasure where it is broken off. */
  readonly timer: Timer;
}

export interface MemberRepository {
  get(memberId: MemberId): Promise<Member | undefined>;
  /** By name, then id, ended ones too. An index read: a member saved a moment ago may be missing. */
  list(page: PageRequest): Promise<Page<Member>>;
  /**
   * Member, event, the person's membership and, where the address is new, the person in one transaction.
   * @throws DomainError member-exists | address-busy
   */
  add(entry: NewMember): Promise<void>;
  /**
   * Ending removes the person's way in too, and them from the rosters. `whileOwner` must be an active
   * owner when this is written.
   * @throws DomainError version-stale | role-not-grantable
   */
  save(
    next: Member,
    event: MemberEvent,
    also?: {
      readonly whileOwner?: MemberId | undefined;
      readonly rosters?: readonly RosterChange[];
    },
  ): Promise<void>;
  /**
   * `whileOwner` must be an active owner when this is written.
   * @throws DomainError version-stale | member-last-owner
   */
  erase(
    next: Member,
    event: MemberEvent,
    erasure: MembershipErasure & { readonly whileOwner?: MemberId | undefined },
  ): Promise<void>;
  /** The last one, open or ended. */
  moderatorProposal(memberId: MemberId): Promise<ModeratorProposal | undefined>;
  /**
   * A confirmation makes the member a moderator in the same transaction, as long as who proposed it
   * has not changed since.
   * @throws DomainError version-stale
   */
  saveProposal(
    next: ModeratorProposal,
    event: ModeratorProposalEvent,
    made?: {
      readonly next: Member;
      readonly event: MemberEvent;
      readonly proposer: { readonly memberId: MemberId; readonly version: number };
    },
  ): Promise<void>;
}

export interface PartnerUserRepository {
  get(partnerUserId: PartnerUserId): Promise<PartnerUser | undefined>;
  /** Of one partner; by name, then id, ended ones too. An index read. */
  listOf(partnerId: PartnerId, page: PageRequest): Promise<Page<PartnerUser>>;
  /** @throws DomainError partner-not-found | partner-user-exists | address-busy */
  add(entry: NewPartnerUser): Promise<void>;
  /** Ending removes the person's way in too, and them from the rosters. @throws DomainError version-stale */
  save(
    next: PartnerUser,
    event: PartnerUserEvent,
    rosters?: readonly RosterChange[],
  ): Promise<void>;
  /** @throws DomainError version-stale */
  erase(next: PartnerUser, event: PartnerUserEvent, erasure: MembershipErasure): Promise<void>;
}

export interface MemberStore extends PersonStore, RosterStore, UsageStore {
  readonly members: MemberRepository;
  readonly partnerUsers: PartnerUserRepository;
}
