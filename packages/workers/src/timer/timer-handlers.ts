import type { AuditStore, SignHead } from "@concord/core/audit";
import type { CadenceStore } from "@concord/core/cadence";
import type { RequestContext } from "@concord/core/context";
import type { CycleQueue, CycleStore } from "@concord/core/cycle";
import { type DisputeStore, trackDispute } from "@concord/core/dispute";
import type { SubscriptionStore } from "@concord/core/edition";
import type { TenantId } from "@concord/core/id";
import type { PersonRepository } from "@concord/core/person";
import type { PersonErasureRepository, TracesStore } from "@concord/core/person-erasure";
import type { PlaybookStore } from "@concord/core/playbook";
import type { ProjectionStore } from "@concord/core/ranking";
import type { ReScoringStore } from "@concord/core/re-scoring";
import type { RecordStore, RetentionStore } from "@concord/core/retention";
import type { TenantProfileStore } from "@concord/core/tenant";
import type { ContentsStore } from "@concord/core/tenant-contents";
import type { ErasureRepository } from "@concord/core/tenant-erasure";
import type { ExportFiles, ExportStore } from "@concord/core/tenant-export";
import type { TierStore } from "@concord/core/tier";
import { linkChanges } from "../audit/link-changes.ts";
import { cycleTimers } from "../cycle/cycle-timers.ts";
import { subscriptionTimers, whileOpen } from "../edition/subscription-timers.ts";
import { personErasureTimers } from "../person-erasure/erasure-timers.ts";
import { recountRanking } from "../ranking/project-ranking.ts";
import { reScoringTimer } from "../re-scoring/re-scoring-timer.ts";
import { retentionTimer } from "../retention/retention-timer.ts";
import { erasureTimer } from "../tenant-erasure/erasure-timer.ts";
import { exportTimer } from "../tenant-export/export-timer.ts";
import type { TickDependencies, TimerHandler } from "./run-tick.ts";

export interface TimerHandlerDependencies {
  /** Opens the tenant for the system, at this instant. */
  readonly contextOf: (
    tenantId: TenantId,
    now: Date,
  ) => RequestContext<
    AuditStore &
      CadenceStore &
      ContentsStore &
      CycleStore &
      DisputeStore &
      ExportStore &
      PlaybookStore &
      ProjectionStore &
      RecordStore &
      ReScoringStore &
      RetentionStore &
      SubscriptionStore &
      TenantProfileStore &
      TierStore &
      TracesStore
  >;
  readonly queue: CycleQueue;
  readonly erasures: ErasureRepository;
  readonly people: PersonRepository;
  readonly personErasures: PersonErasureRepository;
  readonly files: ExportFiles;
  /** Milliseconds of the wall clock. */
  readonly wallNow: () => number;
  /** Signs the heads of the audit chains. */
  readonly sign: SignHead;
  readonly log: TickDependencies["log"];
}

/** What each kind of timer sets off. */
export function timerHandlers(deps: TimerHandlerDependencies): TickDependencies["handlers"] {
  const cycles = cycleTimers(deps);
  const paused = (handler: TimerHandler) => whileOpen(deps.contextOf, handler);
  return {
    "cycle-open": paused(cycles["cycle-open"]),
    "cycle-work": cycles["cycle-work"],
    "cycle-freeze": paused(cycles["cycle-freeze"]),
    "cycle-close": paused(cycles["cycle-close"]),
    dispute: paused(disputeTimer(deps)),
    ...subscriptionTimers(deps),
    "audit-link": linkChanges(deps),
    "tenant-erasure": erasureTimer(deps),
    "tenant-export": exportTimer(deps),
    ...personErasureTimers(deps),
    "re-score": reScoringTimer(deps),
    retention: retentionTimer(deps),
    "ranking-recount": (timer, now) =>
      recountRanking({ contextOf: (tenantId) => deps.contextOf(tenantId, now) }, timer, now),
  };
}

/** Reminds whoever can decide on a dispute, and flags it once its last day has passed. */
const disputeTimer =
  ({ contextOf }: Pick<TimerHandlerDependencies, "contextOf">): TimerHandler =>
  async ({ tenantId, subject }, now) => {
    const next = await trackDispute(contextOf(tenantId, now), subject);
    return typeof next === "string" ? next : { again: next };
  };
