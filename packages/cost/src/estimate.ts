import type { Prices } from "./prices.ts";
import { metered, type Operation, rowsAMonth, workload } from "./usage.ts";

/** What the target of cost is stated for. */
export const PARTNER_MONTHS = 1000;

/** How often one partner has each operation in a month. */
const timesAMonth: Readonly<Record<keyof typeof metered, number>> = {
  importOfWeek: workload.importsAMonth,
  projection: 2 * workload.importsAMonth,
  reviewOpened: 1 / 3,
  cardFrozen: 1 / 3,
  decision: workload.decisionsAMonth,
  auditEntry: workload.decisionsAMonth + 2 * workload.importsAMonth,
  apiRead: workload.apiRequestsAMonth,
};

/** Kilobytes of one partner after a year: its facts with their sources, months, reviews, events and audit entries. */
const KB_A_PARTNER =
  (4 * (workload.factsAQuarter + workload.activitiesAQuarter) * 600) / 1000 + 400;

/** Measured on Node 24 of a workstation core, which is about what 1,769 MB of Lambda give: milliseconds at 512 MB are 3.5 times as many. */
const compute = { millisecondsARow: 1.5, millisecondsARequest: 40, millisecondsAMessage: 60 };
const LOG_BYTES_A_REQUEST = 900;
const MESSAGES_A_MONTH = 2 * workload.importsAMonth + 3 * workload.decisionsAMonth;
/** Sent, received, deleted. */
const REQUESTS_A_MESSAGE = 3;

export interface Estimate {
  /** US$ a month. */
  readonly lines: Readonly<Record<string, number>>;
  readonly total: number;
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
const totalled = (lines: Record<string, number>): Estimate => ({
  lines,
  total: sum(Object.values(lines)),
});

const unitsAMonth = (of: (operation: Operation) => number): number =>
  sum(
    Object.entries(timesAMonth).map(
      ([name, times]) => times * of(metered[name as keyof typeof metered]),
    ),
  );

/** What one partner adds to the bill of a month. */
function ofPartner(prices: Prices): Record<string, number> {
  const invocations = workload.apiRequestsAMonth + MESSAGES_A_MONTH + workload.importsAMonth;
  const milliseconds =
    rowsAMonth * compute.millisecondsARow +
    (workload.apiRequestsAMonth + workload.decisionsAMonth) * compute.millisecondsARequest +
    MESSAGES_A_MONTH * compute.millisecondsAMessage;
  const gb = KB_A_PARTNER / 1_000_000;
  return {
    "table, writes": unitsAMonth(({ writeUnits }) => writeUnits) * prices.writeUnit,
    "table, reads": unitsAMonth(({ readUnits }) => readUnits) * prices.readUnit,
    "table, storage": gb * (prices.tableGbMonth + prices.pointInTimeGbMonth),
    functions:
      (milliseconds / 1000) * 0.5 * prices.lambdaGbSecond + invocations * prices.lambdaRequest,
    "HTTP API": (workload.apiRequestsAMonth + workload.decisionsAMonth) * prices.apiRequest,
    queues: MESSAGES_A_MONTH * REQUESTS_A_MESSAGE * prices.queueRequest,
    mail: workload.mailsAMonth * prices.mail,
    "logs and traces":
      (invocations * LOG_BYTES_A_REQUEST * prices.logGb) / 1_000_000_000 +
      invocations * 0.05 * prices.trace,
  };
}

const MINUTES_A_MONTH = 43_800;
const ALARMS = 80;
const METRICS = 25;
/** Once it has rotated twice; later ones are not charged. */
const KEY_MATERIALS = 3;
/** Each reads its environment. */
const COLD_STARTS_A_MONTH = 20_000;

/** What a stage costs that nobody uses: the tick, the poll of its queues, alarms and the dashboard. */
function ofStage(prices: Prices): Record<string, number> {
  const QUEUES = 7;
  // An event source that is idle asks five pollers at a time, each for twenty seconds.
  const polls = QUEUES * 5 * 3 * MINUTES_A_MONTH;
  return {
    tick:
      MINUTES_A_MONTH *
      (prices.scheduleInvocation +
        prices.lambdaRequest +
        0.4 * 0.5 * prices.lambdaGbSecond +
        17 * prices.readUnit +
        prices.writeUnit),
    "idle queues": polls * prices.queueRequest,
    "key of the secrets": KEY_MATERIALS * prices.keyMonth + COLD_STARTS_A_MONTH * prices.keyRequest,
    "alarms, metrics, dashboard":
      ALARMS * prices.alarmMonth + METRICS * prices.metricMonth + prices.dashboardMonth,
  };
}

/** Of one tenant, whatever its partners: imports' own rows, indexes of sources, the links of its audit trail. */
const TENANT_UNITS = { readUnits: 3000, writeUnits: 2000 };

/** @param partners of all tenants together */
export function estimate(
  prices: Prices,
  { tenants, partners }: { readonly tenants: number; readonly partners: number },
): { readonly partner: Estimate; readonly stage: Estimate; readonly all: Estimate } {
  const partner = totalled(ofPartner(prices));
  const stage = totalled(ofStage(prices));
  const ofTenants =
    tenants *
    (TENANT_UNITS.readUnits * prices.readUnit + TENANT_UNITS.writeUnits * prices.writeUnit);
  const all = totalled({
    partners: partners * partner.total,
    tenants: ofTenants,
    stage: stage.total,
  });
  return { partner, stage, all };
}

/** A fresh on-demand table's, of the table and of an index each. */
const FRESH_TABLE_WRITES_A_SECOND = 4000;
const CHUNK_PARTNERS = 100;
/** Appended with its partners, marked when done; read twice. */
const chunk = { writeUnits: 18, readUnits: 4, messages: 1 };

/**
 * The kick-off of a cycle for so many partners: one row each, in the table and in one index, and the chunks that list them.
 * Without what follows from it: rankings are counted anew for each review.
 */
export function kickOff(prices: Prices, partners: number): { dollars: number; seconds: number } {
  const chunks = Math.ceil(partners / CHUNK_PARTNERS);
  const { writeUnits, readUnits } = metered.reviewOpened;
  const dollars =
    partners * (writeUnits * prices.writeUnit + readUnits * prices.readUnit) +
    chunks * chunk.messages * REQUESTS_A_MESSAGE * prices.queueRequest +
    chunks * (prices.lambdaRequest + 2 * 0.5 * prices.lambdaGbSecond);
  const writesOfTable = partners + chunks * chunk.writeUnits;
  return { dollars, seconds: writesOfTable / FRESH_TABLE_WRITES_A_SECOND };
}
