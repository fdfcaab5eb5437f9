import type { PersonId } from "../id/index.ts";
import type { SecondFactor } from "./schema.ts";

/** The second factors of people; a person's own, of no tenant. */
export interface SecondFactorRepository {
  get(personId: PersonId): Promise<SecondFactor | undefined>;
  /** @returns false where another change came first: nothing was written */
  save(next: SecondFactor): Promise<boolean>;
  remove(personId: PersonId): Promise<void>;
}
