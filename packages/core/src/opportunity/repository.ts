import type { Page, PageRequest } from "../context/index.ts";
import type { DomainEvent } from "../event/index.ts";
import type { FactReportId, MemberId, OpportunityId, PartnerId, SourceId } from "../id/index.ts";
import type { MonthRollup } from "../rollup/index.ts";
import type { DataQualityFlag } from "../source/index.ts";
import type { FactReport } from "./fact-report.ts";
import type { OpportunityEvent } from "./opportunity.ts";
import type { IndexEntry, Opportunity } from "./schema.ts";

/** A fact before and after; of another partner after than before, it moves. */
export interface FactChange {
  readonly before?: Opportunity | undefined;
  readonly after: Opportunity;
}

export type FactReportEvent =
  | DomainEvent<
      "fact-report.created",
      { readonly kind: FactReport["kind"]; readonly opportunityId: OpportunityId | null }
    >
  | DomainEvent<
      "fact-report.reassigned",
      { readonly from: MemberId | null; readonly ownerId: MemberId }
    >
  | DomainEvent<"fact-report.resolved", { readonly outcome: "accepted" | "declined" }>;

/** What a person decided about one fact: everything that changes with it, in one transaction. */
export interface FactDecision {
  readonly change: Required<FactChange>;
  readonly rollups: readonly MonthRollup[];
  readonly event: OpportunityEvent;
  /** What the source's index is to know of it. */
  readonly index: {
    readonly sourceId: SourceId;
    readonly externalId: string;
    readonly entry: IndexEntry;
  };
  /** Flags whose count it changes. */
  readonly flags: readonly DataQualityFlag[];
}

export interface OpportunityRepository {
  get(partnerId: PartnerId, opportunityId: OpportunityId): Promise<Opportunity | undefined>;
  /** Those that exist of up to 100, in no order; consistent. */
  getAll(
    keys: readonly { readonly partnerId: PartnerId; readonly opportunityId: OpportunityId }[],
  ): Promise<Opportunity[]>;
  /** Every fact of a partner, by id, read consistently. */
  ofPartner(partnerId: PartnerId): AsyncIterable<Opportunity>;
  /** By id. */
  list(partnerId: PartnerId, page: PageRequest): Promise<Page<Opportunity>>;
  /** @returns false where fact, rollup or flag was overtaken and nothing was written */
  decide(decision: FactDecision): Promise<boolean>;

  report(partnerId: PartnerId, factReportId: FactReportId): Promise<FactReport | undefined>;
  /** By creation. */
  listReports(partnerId: PartnerId, page: PageRequest): Promise<Page<FactReport>>;
  /** The open ones of one data steward, by creation; an index read. */
  listReportWork(ownerId: MemberId, page: PageRequest): Promise<Page<FactReport>>;
  /** @throws DomainError version-stale */
  saveReport(next: FactReport, event: FactReportEvent): Promise<void>;
}

export interface OpportunityStore {
  readonly opportunities: OpportunityRepository;
}
