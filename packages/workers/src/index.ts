export { changeRecorder } from "./audit/record-changes.ts";
export { fromQueue, type QueuedConsumer } from "./change-feed/from-queue.ts";
export {
  type ChangeMessage,
  type ChangeQueue,
  type ChangeRoute,
  handOnChanges,
} from "./change-feed/hand-on-changes.ts";
export { runCycleChunk } from "./cycle/run-cycle-chunk.ts";
export {
  type CycleWorkDependencies,
  type CycleWorkStore,
  runCycleMessage,
} from "./cycle/run-cycle-message.ts";
export {
  type ApprovalDependencies,
  conductApproval,
} from "./development-plan/conduct-approval.ts";
export { escalateStep } from "./development-plan/escalate-step.ts";
export { expirePlan } from "./development-plan/expire-plan.ts";
export {
  type ReconcileDependencies,
  reconcileApprovals,
} from "./development-plan/reconcile-approvals.ts";
export { registerStep } from "./development-plan/register-step.ts";
export { remindApprover } from "./development-plan/remind-approver.ts";
export type { Workflow, WorkflowAnswer, WorkflowInput } from "./development-plan/workflow.ts";
export { type QueueJobsDependencies, queueJobs } from "./import/queue-jobs.ts";
export {
  type ImportDependencies,
  ImportMessage,
  type ImportQueue,
  runImports,
} from "./import/run-import.ts";
export { composeMail, Mail, type MailTransport, type Sender } from "./notification/compose-mail.ts";
export {
  ACCOUNT_MAIL_ENTITIES,
  type AccountMailDependencies,
  sendAccountMail,
} from "./notification/send-account-mail.ts";
export { type MailDependencies, sendMail } from "./notification/send-mail.ts";
export {
  projectRankingChanges,
  RANKING_ATTRIBUTES,
  type RankingDependencies,
} from "./ranking/project-ranking.ts";
export { runTick, type TickDependencies } from "./timer/run-tick.ts";
export { type TimerHandlerDependencies, timerHandlers } from "./timer/timer-handlers.ts";
