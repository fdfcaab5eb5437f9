import { DatabaseSync, type StatementSync } from "node:sqlite";
import vm from "node:vm";
import type { CountedOpportunity } from "@concord/core/rollup";

/** The known open scorecard: a variable is one aggregate over the facts, a criterion a formula over variables. */
export interface OpenPeer {
  /** The total of a partner in a period, from the facts. */
  score(partner: string, from: string, to: string): number;
  /** The same from variables that are known already. */
  scoreOf(variables: Readonly<Record<string, number>>): number;
  variables(partner: string, from: string, to: string): Record<string, number>;
}

const won = "partner = ? AND outcome = 'won' AND closed BETWEEN ? AND ?";
const listed = `${won} AND list > 0`;
const lost = "partner = ? AND outcome = 'lost' AND closed BETWEEN ? AND ?";
const cycled = `${won} AND engaged <= closed`;
/** Each is a query of its own, as the peer has a function for each variable. */
const aggregates = {
  won: `SELECT count(*) v FROM facts WHERE ${won}`,
  lost: `SELECT count(*) v FROM facts WHERE ${lost}`,
  revenue: `SELECT coalesce(sum(amount), 0) / 100.0 v FROM facts WHERE ${won}`,
  cycles: `SELECT count(*) v FROM facts WHERE ${cycled}`,
  days: `SELECT coalesce(sum(julianday(closed) - julianday(engaged)), 0) v FROM facts WHERE ${cycled}`,
  listed: `SELECT count(*) v FROM facts WHERE ${listed}`,
  within: `SELECT count(*) v FROM facts WHERE ${listed} AND amount * 10 >= list * 9`,
  aligned: `SELECT count(*) v FROM facts WHERE ${listed} AND amount * 10 >= list * 9 AND amount * 10 <= list * 11`,
  created: "SELECT count(*) v FROM facts WHERE partner = ? AND engaged BETWEEN ? AND ?",
  open: "SELECT count(*) v FROM facts WHERE partner = ? AND ? <= ? AND engaged <= ?3 AND (closed IS NULL OR closed > ?3)",
} as const;

const line = (value: string, floor: number, target: number): string =>
  `max(0, min(100, (${value} - ${floor}) / (${target} - ${floor}) * 100))`;

/** The criteria of the reseller template, in the peer's way of writing: variables in braces. */
export const peerCriteria: readonly (readonly [weight: number, formula: string])[] = [
  [20, line("{revenue}", 20_000, 120_000)],
  [15, line("{won} / ({won} + {lost}) * 100", 45, 75)],
  [10, line("{revenue} / {won}", 1000, 3500)],
  [15, line("{days} / {cycles}", 75, 35)],
  [15, line("{within} / {listed} * 100", 65, 95)],
  [10, line("{aligned} / {listed} * 100", 50, 80)],
  [10, line("{created}", 30, 110)],
  [
    5,
    line(
      "{open} * ({won} / ({won} + {lost})) * ({revenue} / {won}) / ({days} / {cycles})",
      400,
      3500,
    ),
  ],
];

export function openPeer(partners: ReadonlyMap<string, readonly CountedOpportunity[]>): OpenPeer {
  const db = new DatabaseSync(":memory:");
  db.exec(`CREATE TABLE facts (partner TEXT, outcome TEXT, engaged TEXT, closed TEXT, amount INTEGER, list INTEGER);
           CREATE INDEX by_close ON facts (partner, closed, outcome);
           CREATE INDEX by_engagement ON facts (partner, engaged);`);
  const insert = db.prepare("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)");
  db.exec("BEGIN");
  for (const [partner, facts] of partners) {
    for (const { outcome, engagedOn, closedOn, amountMinor, listAmountMinor } of facts) {
      insert.run(partner, outcome, engagedOn, closedOn, amountMinor, listAmountMinor);
    }
  }
  db.exec("COMMIT");
  const statements = Object.entries(aggregates).map(([name, sql]): [string, StatementSync] => [
    name,
    db.prepare(sql),
  ]);
  const variables = (partner: string, from: string, to: string) =>
    Object.fromEntries(
      statements.map(([name, statement]) => [
        name,
        Number(statement.get(partner, from, to)?.["v"] ?? 0),
      ]),
    );
  // As the peer does: the values are put into the text, which is read anew and sees nothing but these.
  const scoreOf = (values: Readonly<Record<string, number>>): number => {
    let total = 0;
    for (const [weight, formula] of peerCriteria) {
      const text = formula.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? 0));
      const sandbox = { max: Math.max, min: Math.min };
      total += (weight / 100) * Number(vm.runInNewContext(text, sandbox));
    }
    return total;
  };
  return {
    variables,
    scoreOf,
    score: (partner, from, to) => scoreOf(variables(partner, from, to)),
  };
}
