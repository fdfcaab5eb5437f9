import type { Page, PageRequest } from "../context/index.ts";
import type { PartnerId, PlanId } from "../id/index.ts";
import type { ReviewKey } from "../review/index.ts";
import type { Candidate, StepRef } from "./approval.ts";
import type { PlanEvent } from "./development-plan.ts";
import type { DevelopmentPlan, PlanBasis } from "./schema.ts";

export interface DevelopmentPlanRepository {
  get(planId: PlanId): Promise<DevelopmentPlan | undefined>;
  /** Newest first. An index read. */
  ofPartner(partnerId: PartnerId, page: PageRequest): Promise<Page<DevelopmentPlan>>;
  /** The submitted plans of the tenant. An index read. */
  submitted(page: PageRequest): Promise<Page<DevelopmentPlan>>;
  /** @throws DomainError version-stale */
  save(next: DevelopmentPlan, event: PlanEvent): Promise<void>;
}

/** The callback token a workflow waits with, sealed; it never leaves the server side. */
export interface SealedStepToken extends StepRef {
  readonly planId: PlanId;
  readonly sealed: string;
}

export interface StepTokenRepository {
  /** Replaces the token of an earlier wait for the same run. */
  put(token: SealedStepToken): Promise<void>;
  get(planId: PlanId): Promise<SealedStepToken | undefined>;
}

/** The members who may be named as approvers today. */
export interface ApproverDirectory {
  candidates(): Promise<Candidate[]>;
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
