import type { Page, PageRequest } from "../context/index.ts";
import type {
  ActionItemId,
  ContributionId,
  CycleId,
  DisputeId,
  FactReportId,
  GoalId,
  ImportId,
  PartnerId,
  PlanId,
} from "../id/index.ts";
import type { HoldsInForce } from "../legal-hold/index.ts";
import type { Timer } from "../timer/index.ts";
import type { RetentionRulesEvent, RetentionRunEvent } from "./retention.ts";
import type { RemovedObject, RetentionRules, RetentionRun } from "./schema.ts";

/** Something whose time is over. */
export type DueRecord = { readonly partnerId: PartnerId | null; readonly version: number } & (
  | {
      readonly kind: "contribution";
      readonly partnerId: PartnerId;
      readonly cycleId: CycleId;
      readonly contributionId: ContributionId;
      readonly at: string;
    }
  | { readonly kind: "session"; readonly partnerId: PartnerId; readonly cycleId: CycleId }
  | {
      readonly kind: "dispute";
      readonly partnerId: PartnerId;
      readonly cycleId: CycleId;
      readonly disputeId: DisputeId;
    }
  | {
      readonly kind: "fact-report";
      readonly partnerId: PartnerId;
      readonly factReportId: FactReportId;
    }
  | { readonly kind: "action-item"; readonly actionItemId: ActionItemId }
  | { readonly kind: "goal"; readonly goalId: GoalId }
  | { readonly kind: "development-plan"; readonly planId: PlanId }
  | { readonly kind: "import"; readonly importId: ImportId }
);

/** A record with everything that goes with it: its events, work lists, row errors. */
export interface Removable {
  readonly record: DueRecord;
  readonly object: RemovedObject;
  /** Rows; the last is the record's own, by which the rest is found. */
  readonly rows: readonly { readonly pk: string; readonly sk: string }[];
}

/** What a removal was decided on, and whose change undoes it. */
export interface RetentionBasis {
  readonly rules: RetentionRules | undefined;
  readonly holds: HoldsInForce;
}

export interface RetentionRepository {
  /** Undefined while nothing was ever set. */
  rules(): Promise<RetentionRules | undefined>;
  basis(): Promise<RetentionBasis>;
  /** @throws DomainError version-stale */
  saveRules(
    next: RetentionRules,
    event: RetentionRulesEvent,
    timers: readonly Timer[],
  ): Promise<void>;

  latestRun(): Promise<RetentionRun | undefined>;
  /** The newest first. */
  listRuns(page: PageRequest): Promise<Page<RetentionRun>>;
  /** Progress alone, without an event. @returns false where somebody else goes on with it */
  saveProgress(next: RetentionRun): Promise<boolean>;
  /** @throws DomainError version-stale */
  saveRun(next: RetentionRun, event: RetentionRunEvent): Promise<void>;

  /** Of each that is still there at its version: what goes with it. One request each. */
  removables(records: readonly DueRecord[]): Promise<Removable[]>;
  /**
   * Removes them with the run and the event that names them: together with fewer than `MOST_ROWS` rows in
   * one transaction, one with more row by row, its own last.
   * @returns false where the rules, the holds, the run or one of the records was overtaken, and nothing
   *   of it was done
   */
  remove(
    next: RetentionRun,
    event: RetentionRunEvent,
    removables: readonly Removable[],
    basis: RetentionBasis,
  ): Promise<boolean>;

  /**
   * Removes recorded answers and marks of sent mails that had expired by then, for the service does it
   * late. @returns how many rows
   */
  removeExpired(epochSeconds: number): Promise<number>;
}

/** Of one transaction, beside the run, its event and what is checked. */
export const MOST_ROWS = 90;

export interface RetentionStore {
  readonly retention: RetentionRepository;
}
