import type { PartnerId, PersonId } from "../id/index.ts";
import type { SecurityEvent } from "../security-event/index.ts";
import type { EmailAddress, Membership, Person } from "./schema.ts";

/** What a tenant's own requests may learn of people: whether an address has an id already. */
export interface PersonLookup {
  findPersonId(email: EmailAddress): Promise<PersonId | undefined>;
  /** Whether this person has a way into the tenant that asks: as its member, or to the partner. */
  hasWayIn(personId: PersonId, partnerId: PartnerId | null): Promise<boolean>;
}

/** Everything of a person, over all tenants; for log-ins alone. */
export interface PersonRepository extends Pick<PersonLookup, "findPersonId"> {
  load(personId: PersonId): Promise<{
    readonly person: Person | undefined;
    readonly memberships: readonly Membership[];
    /** Those that open nothing any more. */
    readonly ended: readonly Membership[];
  }>;
  /** @param event in the same transaction @throws DomainError version-stale */
  save(next: Person, event?: SecurityEvent): Promise<void>;
}

export interface PersonStore {
  readonly people: PersonLookup;
}
