import type { Quarter } from "../calendar/index.ts";
import type { Page, PageRequest } from "../context/index.ts";
import type { PartnerId, ProgramId } from "../id/index.ts";
import type { TargetSet } from "./schema.ts";
import type { TargetEvent } from "./target.ts";

/** A set of targets *is* (partner, program, first quarter). */
export interface TargetSetKey {
  readonly partnerId: PartnerId;
  readonly programId: ProgramId;
  readonly from: Quarter;
}

export interface TargetRepository {
  get(key: TargetSetKey): Promise<TargetSet | undefined>;
  /** Of one partner, by program and first quarter; a partner has a handful. */
  ofPartner(partnerId: PartnerId): Promise<TargetSet[]>;
  /** Those of this quarter and later that wait for a side, the next to begin first. An index read. */
  waiting(from: Quarter, page: PageRequest): Promise<Page<TargetSet>>;
  /** @throws DomainError version-stale */
  save(next: TargetSet, event: TargetEvent): Promise<void>;
}

export interface TargetStore {
  readonly targets: TargetRepository;
}
