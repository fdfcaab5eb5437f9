import type { Page, PageRequest } from "../context/index.ts";
import type { MemberId, PartnerId, PlanId } from "../id/index.ts";
import type { ReviewKey } from "../review/index.ts";
import type { StepRef } from "./approval.ts";
import type { Candidate } from "./approvers.ts";
import type { PlanEvent } from "./development-plan.ts";
import type { DevelopmentPlan, PlanBasis, WaitingPlan } from "./schema.ts";

export interface DevelopmentPlanRepository {
  get(planId: PlanId): Promise<DevelopmentPlan | undefined>;
  /** Newest first. An index read. */
  ofPartner(partnerId: PartnerId, page: PageRequest): Promise<Page<DevelopmentPlan>>;
  /** What waits for one member's decision, by the instant it expires. An index read. */
  waitingFor(memberId: MemberId, page: PageRequest): Promise<Page<WaitingPlan>>;
  /** The steps of the tenant that wait, by the instant they expire; an escalated one once. An index read. */
  waiting(page: PageRequest): Promise<Page<WaitingPlan>>;
  /**
   * State, event and work lists in one transaction.
   * @param previous the plan that was changed; none for a new one
   * @throws DomainError version-stale
   */
  save(next: DevelopmentPlan, event: PlanEvent, previous?: DevelopmentPlan): Promise<void>;
}

/** A callback token that a workflow waits with, sealed; it never leaves the server side. */
export interface SealedStepToken extends StepRef {
  readonly planId: PlanId;
  /** Digest of the token: what makes a repeated registration one row. */
  readonly tokenHash: string;
  readonly sealed: string;
  /** Epoch seconds; no wait lasts longer. */
  readonly expiresAt: number;
}

export interface StepTokenRepository {
  /** Each wait of a step has a token of its own; a repeat changes nothing. */
  put(token: SealedStepToken): Promise<void>;
  /** Every token that was waited with for this step of this revision, whatever the attempt. */
  ofStep(
    planId: PlanId,
    step: Pick<StepRef, "revision" | "stepNumber">,
  ): Promise<readonly SealedStepToken[]>;
}

/** The members who may be named as approvers today. */
export interface ApproverDirectory {
  /** A list that may be a moment old, but right about the members `named`. */
  candidates(named: readonly MemberId[]): Promise<Candidate[]>;
}

export interface PlanBasisSource {
  /** From the newest frozen scorecard of the review; undefined where there is none. */
  of(key: ReviewKey): Promise<PlanBasis | undefined>;
}

export interface DevelopmentPlanStore {
  readonly developmentPlans: DevelopmentPlanRepository;
  readonly stepTokens: StepTokenRepository;
  readonly approvers: ApproverDirectory;
  readonly planBases: PlanBasisSource;
}
