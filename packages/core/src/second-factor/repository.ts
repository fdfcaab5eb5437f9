import type { PersonId } from "../id/index.ts";
import type { SecurityEvent } from "../security-event/index.ts";
import type { SecondFactor } from "./schema.ts";

/** The second factors of people; a person's own, of no tenant. */
export interface SecondFactorRepository {
  get(personId: PersonId): Promise<SecondFactor | undefined>;
  /** @param event in the same transaction @returns false where another change came first: nothing was written */
  save(next: SecondFactor, event?: SecurityEvent): Promise<boolean>;
  /** With the event that tells of it. */
  remove(personId: PersonId, event: SecurityEvent): Promise<void>;
}
