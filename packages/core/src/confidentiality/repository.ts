import type { Page, PageRequest } from "../context/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { ConfidentialityEvent, PartnerConfidentialityEvent } from "./confidentiality.ts";
import type {
  ConfidentialityRules,
  ConfidentialRead,
  PartnerConfidentiality,
  ReadToRecord,
  RulesInForce,
} from "./schema.ts";

export interface ConfidentialityRepository {
  /** Undefined while the usual rules stand. */
  get(): Promise<ConfidentialityRules | undefined>;
  /** @throws DomainError version-stale */
  save(next: ConfidentialityRules, event: ConfidentialityEvent): Promise<void>;
  getPartner(partnerId: PartnerId): Promise<PartnerConfidentiality | undefined>;
  /** @throws DomainError version-stale */
  savePartner(next: PartnerConfidentiality, event: PartnerConfidentialityEvent): Promise<void>;
  /**
   * Remembered for up to a minute of the clock that `now` is from: what another process changed may
   * be missing for that long. Costs a request only where the tenant has rules for single partners.
   */
  inForce(now: Date): Promise<RulesInForce>;
}

export type Days = { readonly from: string; readonly to: string };

/** Who was shown what; nothing here changes or removes a read, time alone does. */
export interface ConfidentialReadRepository {
  /** Once an hour for the same person, objects and fields. */
  record(read: ReadToRecord): Promise<void>;
  /** The reads of one UTC day, by hour. */
  listDay(day: string, page: PageRequest): Promise<Page<ConfidentialRead>>;
  listOfPartner(
    partnerId: PartnerId,
    days: Days,
    page: PageRequest,
  ): Promise<Page<ConfidentialRead>>;
  listOfActor(actorId: string, days: Days, page: PageRequest): Promise<Page<ConfidentialRead>>;
}

export interface ConfidentialityStore {
  readonly confidentiality: ConfidentialityRepository;
  readonly confidentialReads: ConfidentialReadRepository;
}
