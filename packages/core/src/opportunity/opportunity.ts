import { type ActorRef, type ActorWith, refOf } from "../actor/index.ts";
import { CalendarDate } from "../calendar/index.ts";
import { type ErrorPlace, raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { PartnerId } from "../id/index.ts";
import { parseMinor } from "../money/index.ts";
import { stageOf } from "../source/index.ts";
import { type FactValues, isSameFact } from "./assess.ts";
import type { CorrectOpportunity } from "./correction.ts";
import { CORRECTABLE, type Correctable, type FactRules, factOf } from "./fact.ts";
import { MOST_CORRECTORS, type Opportunity } from "./schema.ts";

export type OpportunityEvent =
  | DomainEvent<
      "opportunity.corrected",
      {
        readonly reason: string;
        readonly from: Readonly<Record<string, unknown>>;
        readonly to: Readonly<Record<string, unknown>>;
        readonly released: readonly string[];
      }
    >
  | DomainEvent<
      "opportunity.reattributed",
      { readonly reason: string; readonly from: PartnerId; readonly to: PartnerId }
    >;

type Decided = { readonly next: Opportunity; readonly event: OpportunityEvent };
type Values = Partial<Record<Correctable, string | number | null>>;

/** Everybody once. */
function correctorsAfter(
  { correctedBy = [] }: Opportunity,
  by: ActorWith<"opportunity:correct">,
): ActorRef[] {
  const own = refOf(by);
  const others = correctedBy.filter((one) => JSON.stringify(one) !== JSON.stringify(own));
  return [...others, own].slice(-MOST_CORRECTORS);
}

/**
 * Sets fields against the feed, or gives them back to it.
 * @throws DomainError opportunity-correction-invalid | opportunity-unchanged
 */
export function correct(
  fact: Opportunity,
  { reason, fields, release }: CorrectOpportunity,
  rules: FactRules,
  by: ActorWith<"opportunity:correct">,
): Decided {
  const set = valuesOf(fields, rules);
  const fedBefore: Values = fact.fed ?? {};
  const released = release.filter((field) => fact.corrected.includes(field) && !(field in set));
  const returned = Object.fromEntries(released.map((field) => [field, fedBefore[field] ?? null]));
  const corrected = CORRECTABLE.filter(
    (field) => field in set || (fact.corrected.includes(field) && !released.includes(field)),
  );
  const fed = Object.fromEntries(
    corrected.map((field) => [field, field in fedBefore ? fedBefore[field] : fact[field]]),
  ) as Record<string, string | number | null>;
  const values = { ...fact, ...returned, ...set } as FactValues;
  const { correctedBy: _, ...standing } = fact;
  const stands = corrected.length > 0 || fact.isReattributed === true;
  const next = factOf(rules, values, fact.row ?? 1, {
    ...standing,
    ...(stands ? { correctedBy: correctorsAfter(fact, by) } : {}),
    corrected,
    fed,
    revision: fact.revision + 1,
  });
  if (isSameFact(fact, next)) raise("opportunity-unchanged");
  const changed = [...Object.keys(set), ...released] as Correctable[];
  const event = eventOf("opportunity.corrected", by, rules.now, {
    reason,
    from: Object.fromEntries(changed.map((field) => [field, fact[field]])),
    to: Object.fromEntries(changed.map((field) => [field, next[field]])),
    released,
  });
  return { next, event };
}

function valuesOf(fields: CorrectOpportunity["fields"], rules: FactRules): Values {
  const places: ErrorPlace[] = [];
  const wrong = (field: string, detail: string) => {
    places.push({ pointer: `/fields/${field}`, detail });
    return null;
  };
  const values: Values = {};
  for (const field of ["customerAccount", "product"] as const) {
    const value = fields[field];
    if (value !== undefined) values[field] = value === "" ? null : value;
  }
  for (const field of ["engagedOn", "closedOn"] as const) {
    const value = fields[field];
    if (value === undefined) continue;
    const isDate = value === null || CalendarDate.safeParse(value).success;
    values[field] = isDate ? value : wrong(field, "must be a date");
  }
  if (fields.stage !== undefined) {
    const known = rules.preset.stages.map(({ stage }) => stage).join(", ");
    values.stage =
      stageOf(rules.preset, fields.stage)?.stage ?? wrong("stage", `must be one of ${known}`);
  }
  if (fields.amount !== undefined) {
    const minor = fields.amount === null ? null : parseMinor(fields.amount, rules.currency);
    values.amountMinor =
      minor === undefined || (minor !== null && minor < 0)
        ? wrong("amount", `must be an amount in ${rules.currency}`)
        : minor;
  }
  if (places.length > 0) raise("opportunity-correction-invalid", undefined, places);
  return values;
}

/** Gives the opportunity to another partner, for good: the feed's partner no longer counts. @throws DomainError opportunity-same-partner */
export function reattribute(
  fact: Opportunity,
  to: PartnerId,
  reason: string,
  by: ActorWith<"opportunity:correct">,
  now: Date,
): Decided {
  if (fact.partnerId === to) raise("opportunity-same-partner");
  return {
    next: {
      ...fact,
      partnerId: to,
      isReattributed: true,
      correctedBy: correctorsAfter(fact, by),
      revision: fact.revision + 1,
      changedAt: now.toISOString(),
    },
    event: eventOf("opportunity.reattributed", by, now, { reason, from: fact.partnerId, to }),
  };
}
