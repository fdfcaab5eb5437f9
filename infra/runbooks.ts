/**
 * What every alarm is about, and what to do first. Each has a section of the same name below "Runbooks" in `infra/README.md`;
 * a test compares the two, and every alarm that is deployed names one of them.
 */
export const runbooks = {
  "Dead letters":
    "Work failed for good. Read the message and the log lines of its request id, repair the cause, then redrive the queue.",
  "Behind the change feed":
    "The reader of the change feed is more than five minutes behind. Look for its errors and throttles; what it cannot hand on goes to its dead-letter queue by itself.",
  "Old messages":
    "Messages wait for more than fifteen minutes. Look whether their function fails, is throttled, or has more work than its concurrency allows.",
  "Function errors":
    "A function fails as a whole: an exception, a timeout, or no memory. Read its log; compare with the last deployment and roll back if it began there.",
  "Function throttles":
    "Calls of a function were refused. Compare the concurrent executions of the account with its quota, and ask for more.",
  "Error lines":
    "A function logged lines of level error: work that it could not do and reported. Group its log by message.",
  "Executions failed":
    "An execution of the state machine failed. Its error names the cause; the daily reconcile starts a new attempt, so no plan is lost.",
  "Tick missed":
    "The tick ran less than three times in five minutes: nothing opens, closes, reminds or expires. Look at the schedule, then at the errors and throttles of the tick.",
  "Timers overdue":
    "Timers are due for more than fifteen minutes and were not fired. Read the tick's lines: they name the timers that fail or wait.",
  "Approval backlog":
    "More plans wait for approval than people work off. Look at who the steps wait for, and tell the tenants concerned.",
  "Server errors":
    "The API answered with 5xx. Find the lines of that time with a status of 500 or more: they hold the stack and the request id.",
  "Slow answers":
    "One answer in a hundred takes longer than three seconds. Compare integration latency with the function's duration, its cold starts and the table's throttles.",
  "Table throttled":
    "The table refused reads or writes. Find the partition that is hot, and whether it is one tenant; on-demand capacity doubles by itself within minutes.",
  "Mail refused":
    "Receivers refuse or report the mails of this account: SES stops sending above 10 % bounces or 0.5 % complaints. Find the addresses, and stop what sends to them.",
  "Backup failed":
    "The daily backup of the table failed. Read the job in AWS Backup; point-in-time recovery goes on meanwhile.",
  Cost: "The month costs more than was planned. Compare the bill with `pnpm cost` for the same number of partners, and look for a loop: executions, stream, queues.",
} as const satisfies Record<string, string>;

export type Runbook = keyof typeof runbooks;

/** The description of an alarm, as the person it wakes reads it. */
export const whatToDo = (runbook: Runbook, subject: string): string =>
  `${subject}: ${runbooks[runbook]} Runbook: infra/README.md, "${runbook}".`;
