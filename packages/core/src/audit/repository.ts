import type { Page, PageRequest } from "../context/index.ts";
import type { PersonalFields, PersonalHolder, StoredEvent } from "../event/index.ts";
import type { ApiKeyId } from "../id/index.ts";
import type {
  AuditEntry,
  AuditedObject,
  AuditedState,
  AuditHead,
  AuditLink,
  AuditSegment,
  Openings,
  PersonSalt,
} from "./schema.ts";

/** UTC days, both included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

export interface AuditRepository {
  /** @returns false where the change has an entry already */
  addEntry(entry: AuditEntry): Promise<boolean>;
  /** Of a UTC day, by instant. */
  listDay(day: string, page: PageRequest): Promise<Page<AuditEntry>>;
  /** By instant. An index read. */
  listOfObject(
    object: Omit<AuditedObject, "version">,
    days: DayRange,
    page: PageRequest,
  ): Promise<Page<AuditEntry>>;
  /** What one person did; by instant. An index read. */
  listOfActor(actorId: string, days: DayRange, page: PageRequest): Promise<Page<AuditEntry>>;
  everyEntry(day: string): AsyncIterable<AuditEntry>;

  segments(day: string): AsyncIterable<AuditSegment>;
  segment(link: Pick<AuditLink, "day" | "number">): Promise<AuditSegment | undefined>;
  lastLink(): Promise<AuditLink | undefined>;
  /** From the first. */
  links(): AsyncIterable<AuditLink>;
  /** @returns false where the number is taken: another one linked meanwhile */
  append(link: AuditLink, segment: AuditSegment): Promise<boolean>;

  lastHead(): Promise<AuditHead | undefined>;
  /** The newest first. */
  listHeads(page: PageRequest): Promise<Page<AuditHead>>;
  /** From the first. */
  everyHead(): AsyncIterable<AuditHead>;
  /** @returns false where this link's head is signed already */
  saveHead(head: AuditHead): Promise<boolean>;

  salt(holder: PersonalHolder): Promise<PersonSalt | undefined>;
  /** @returns false where the holder has one, or was erased */
  addSalt(salt: PersonSalt): Promise<boolean>;
  /** The fields of a person that the events of a membership or an invitation hold. */
  personalOf(holder: PersonalHolder): Promise<readonly PersonalFields["fields"][]>;
  /**
   * Takes the holder's fields out of every event, of its API keys too, and the salt with them; in one
   * transaction where the events are fewer than a hundred. Afterwards nobody can make it a salt again.
   */
  erasePersonal(holder: PersonalHolder, apiKeyIds?: readonly ApiKeyId[]): Promise<void>;

  /** Digest of the state that this version of an object left; null where none is known. */
  stateDigestAt(partition: string, object: AuditedObject): Promise<string | null>;
  /** The events that up to 100 entries tell of; those that are gone are left out. */
  eventsOf(entries: readonly Pick<AuditEntry, "object" | "row">[]): Promise<StoredEvent[]>;
  /** Every event of one object, by version. */
  trail(partition: string, object: Omit<AuditedObject, "version">): AsyncIterable<StoredEvent>;
  /** Every event of retention rules, legal holds and removals. */
  retentionEvents(): AsyncIterable<StoredEvent>;
  /** What the kick-off of the cycle whose row lies there made. */
  openings(partition: string): Promise<Openings>;
  /** Every row whose changes are audited, found through the lists of its kind. */
  everyState(): AsyncIterable<AuditedState>;
}

export interface AuditStore {
  readonly audit: AuditRepository;
}
