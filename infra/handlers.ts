/** Every function of the product: `<file without .ts>.<exported name>`, from the root of the repository. */
export const handlers = {
  api: "packages/api/src/app.lambda.handler",
  account: "packages/api/src/account.lambda.handler",
  tick: "packages/workers/src/timer/tick.lambda.handler",
  handOnChanges: "packages/workers/src/change-feed/hand-on-changes.lambda.handler",
  recordChanges: "packages/workers/src/audit/record-changes.lambda.handler",
  runCycleChunk: "packages/workers/src/cycle/run-cycle-chunk.lambda.handler",
  runImport: "packages/workers/src/import/run-import.lambda.handler",
  queueJobs: "packages/workers/src/import/queue-jobs.lambda.handler",
  projectRanking: "packages/workers/src/ranking/project-ranking.lambda.handler",
  sendMail: "packages/workers/src/notification/send-mail.lambda.handler",
  startApproval: "packages/workers/src/development-plan/start-approval.lambda.handler",
  registerStep: "packages/workers/src/development-plan/register-step.lambda.handler",
  remindApprover: "packages/workers/src/development-plan/remind-approver.lambda.handler",
  escalateStep: "packages/workers/src/development-plan/escalate-step.lambda.handler",
  expirePlan: "packages/workers/src/development-plan/expire-plan.lambda.handler",
  reconcileApprovals: "packages/workers/src/development-plan/reconcile-approvals.lambda.handler",
} as const;
