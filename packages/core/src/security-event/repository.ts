import type { Page, PageRequest } from "../context/index.ts";
import type { PersonId } from "../id/index.ts";
import type { SecurityEvent } from "./schema.ts";

/** What happened to people's ways in; time alone takes it away, and a person's erasure. */
export interface SecurityEventRepository {
  /** The same event again changes nothing. */
  add(event: SecurityEvent): Promise<void>;
  /** Of one person, the newest first. */
  listOf(personId: PersonId, page: PageRequest): Promise<Page<SecurityEvent>>;
}
