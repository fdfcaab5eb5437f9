import type { ApiKeyStore } from "../api-key/index.ts";
import type { AuditStore } from "../audit/index.ts";
import type { SubscriptionStore } from "../edition/index.ts";
import type { InvitationId, PersonId, TenantId } from "../id/index.ts";
import type { IdempotencyStore } from "../idempotency/index.ts";
import type { InvitationStore } from "../invitation/index.ts";
import type { LegalHoldStore } from "../legal-hold/index.ts";
import type { LoginSessionStore } from "../login/index.ts";
import type { MemberStore } from "../member/index.ts";
import type { EmailAddress, MembershipId, Person } from "../person/index.ts";
import type { SignUpStore } from "../sign-up/index.ts";
import type { SsoStore } from "../single-sign-on/index.ts";
import type { SetTimer } from "../timer/index.ts";

/** Where a tenant has something of a person. */
export type TracesStore = ApiKeyStore &
  AuditStore &
  IdempotencyStore &
  InvitationStore &
  LegalHoldStore &
  LoginSessionStore &
  MemberStore &
  SignUpStore &
  SsoStore &
  SubscriptionStore;

export interface InvitedTo {
  readonly tenantId: TenantId;
  readonly invitationId: InvitationId;
}

/** What belongs to a person and to no tenant; for log-ins and the system alone. */
export interface PersonErasureRepository {
  /** From here on nobody gives the person a way into a tenant. @throws DomainError version-stale */
  begin(person: Person, timers: readonly SetTimer[]): Promise<void>;
  /** Every invitation to an address that was ever sent and is not erased, in every tenant or in one. */
  invitationsTo(email: EmailAddress, tenantId?: TenantId): Promise<readonly InvitedTo[]>;
  /** What leads from the person to a membership that has been erased. */
  forgetMembership(
    personId: PersonId,
    tenantId: TenantId,
    membershipId: MembershipId,
  ): Promise<void>;
  /**
   * Takes the person away with password and address, unless they have a way into some tenant, or asked
   * for their own erasure, which then does it.
   * @param isOwnWish that erasure does it now
   * @returns whether the person is gone
   */
  forget(personId: PersonId, isOwnWish: boolean): Promise<boolean>;
}

export interface PersonErasureStore {
  readonly personErasures: PersonErasureRepository;
}
