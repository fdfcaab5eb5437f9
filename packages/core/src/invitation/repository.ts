import type { Page, PageRequest } from "../context/index.ts";
import type { InvitationId, MemberId, PartnerId, PartnerUserId } from "../id/index.ts";
import type { NewMember, NewPartnerUser } from "../member/index.ts";
import type { EmailAddress } from "../person/index.ts";
import type { InvitationEvent } from "./invitation.ts";
import type { Invitation } from "./schema.ts";

/** What an acceptance writes beside the invitation, all or nothing. */
export interface Joining {
  readonly entry:
    | ({ readonly kind: "member" } & NewMember)
    | ({ readonly kind: "partner-user" } & NewPartnerUser);
  /** Who invited, as they were when it was decided that they still may. */
  readonly inviter: { readonly id: MemberId | PartnerUserId; readonly version: number };
}

export interface InvitationRepository {
  get(invitationId: InvitationId): Promise<Invitation | undefined>;
  /** Of the tenant itself, the newest first. An index read. */
  list(page: PageRequest): Promise<Page<Invitation>>;
  /** Of one partner, the newest first. An index read. */
  listOf(partnerId: PartnerId, page: PageRequest): Promise<Page<Invitation>>;
  /** How many are pending and not expired, up to `atMost`. An index read. */
  countPending(wallNow: Date, atMost: number): Promise<number>;
  /** The pending ones of an address in this tenant; expired ones may be among them. */
  pendingOf(email: EmailAddress): Promise<readonly InvitationId[]>;
  /**
   * An address has one pending invitation to the tenant and one to each partner.
   * @throws DomainError version-stale | invitation-exists | partner-not-found
   */
  save(next: Invitation, event: InvitationEvent): Promise<void>;
  /**
   * Frees the address, which the invitation no longer names.
   * @throws DomainError version-stale
   */
  erase(next: Invitation, event: InvitationEvent, email: EmailAddress): Promise<void>;
  /** No longer found by the address. */
  forgetAddress(invitationId: InvitationId, email: EmailAddress): Promise<void>;
  /**
   * Invitation, membership and, where they are new, the person in one transaction.
   * @throws DomainError version-stale | member-exists | partner-user-exists | partner-not-found |
   *   address-busy
   */
  accept(next: Invitation, event: InvitationEvent, joining: Joining): Promise<void>;
}

export interface InvitationStore {
  readonly invitations: InvitationRepository;
}
