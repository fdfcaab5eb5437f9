/** What the metered operations of the table cost, in units and requests; `test/cost` compares each with the meter. */
export interface Operation {
  readonly requests: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** A partner's quarter that cost is stated for. Activities are counted as facts: both are rows that an import brings. */
export const workload = {
  factsAQuarter: 500,
  /** How often a fact is written: once new, then changed. */
  writesAFact: 3,
  activitiesAQuarter: 200,
  importsAMonth: 4,
  /** Answers that people of both sides ask for about one partner. */
  apiRequestsAMonth: 40,
  /** Decisions of people: contributions, action items, notes, signatures; each is state, event and audit entry. */
  decisionsAMonth: 10,
  mailsAMonth: 5,
} as const;

/** Rows that an import writes of one partner in a month. */
export const rowsAMonth =
  (workload.factsAQuarter * workload.writesAFact + workload.activitiesAQuarter) / 3;

/** As metered, for one partner or one of what the name says. */
export const metered = {
  /** One partner's share of a weekly import: 142 rows, of which 83 are changed. */
  importOfWeek: { requests: 15, readUnits: 98, writeUnits: 315 },
  /** A ranking counted anew for one partner after its months changed. */
  projection: { requests: 6, readUnits: 8, writeUnits: 5 },
  /** A partner's share of kick-off and close of a cycle, without its card. */
  reviewOpened: { requests: 1.1, readUnits: 1.2, writeUnits: 2.2 },
  /** A card with its inputs frozen from 500 facts. */
  cardFrozen: { requests: 8, readUnits: 80, writeUnits: 50 },
  /** State and event in one transaction, read before. */
  decision: { requests: 5, readUnits: 4, writeUnits: 6 },
  /** Entry and link of the audit trail. */
  auditEntry: { requests: 1.2, readUnits: 0.5, writeUnits: 3.5 },
  /** An answer about one partner: membership, session, rate, and a live card. */
  apiRead: { requests: 4, readUnits: 6, writeUnits: 0.1 },
} as const satisfies Record<string, Operation>;
