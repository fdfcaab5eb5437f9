import type { AssignedDuty } from "../actor/index.ts";
import type { Page, PageRequest } from "../context/index.ts";
import type { MemberId, PartnerId, ProgramId } from "../id/index.ts";
import type { HolderState, RosterChange } from "./assignment.ts";
import type { DutyHolder, PastAssignment, Roster, Scope } from "./schema.ts";

export interface RosterRepository {
  /** Those of up to 40 partners and programs that exist, in no order, in one request. */
  of(scopes: readonly Scope[]): Promise<Roster[]>;
  /** Ended ones of a partner or program, the last one first. */
  past(scope: Scope, page: PageRequest): Promise<Page<PastAssignment>>;
  /** Somebody as their membership says now, ended or not. */
  holder(holder: DutyHolder): Promise<HolderState | undefined>;
  /**
   * The roster, what ended, the duties on the memberships and all events in one transaction.
   * @throws DomainError version-stale
   */
  save(change: RosterChange): Promise<void>;
}

export interface RosterStore {
  readonly rosters: RosterRepository;
}

/** Programs as far as they say how many they need of each duty. */
export interface MostAssignedStore {
  readonly programs: {
    get(programId: ProgramId): Promise<
      | {
          readonly draft: {
            readonly decisionRights: {
              readonly mostAssigned: Readonly<Record<AssignedDuty, number>>;
            };
          };
        }
      | undefined
    >;
  };
}

/** Development plans as far as their signatories are concerned. */
export interface SignatureStore {
  readonly developmentPlans: {
    /** What waits for one member's decision. An index read. */
    waitingFor(
      memberId: MemberId,
      page: PageRequest,
    ): Promise<Page<{ readonly partnerId: PartnerId; readonly needsSignatory: boolean }>>;
  };
}
