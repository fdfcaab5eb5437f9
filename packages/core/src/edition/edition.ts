import type { Actor } from "../actor/index.ts";
import { type ErrorPlace, raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { Timer } from "../timer/index.ts";
import { editionOf, TERMS } from "./editions.ts";
import type {
  Counted,
  EditionName,
  Standing,
  Subscription,
  SubscriptionState,
  Usage,
} from "./schema.ts";

export type SubscriptionEvent = DomainEvent<
  | "subscription.started"
  | "subscription.activated"
  | "subscription.past-due"
  | "subscription.suspended"
  | "subscription.closed"
  | "subscription.reopened"
  | "subscription.erased"
  | "subscription.edition-changed"
  | "subscription.trial-ending",
  {
    readonly from: SubscriptionState | null;
    readonly to: SubscriptionState;
    readonly edition: EditionName;
  }
>;

export interface SubscriptionChange {
  readonly next: Subscription;
  readonly event: SubscriptionEvent;
  /** What moves the new state on when its time is over. */
  readonly timers: readonly Timer[];
}

/** Every way from one state to another; there is none besides. */
export const ways = {
  trial: ["active", "past-due", "closed"],
  active: ["past-due", "closed"],
  "past-due": ["active", "suspended", "closed"],
  suspended: ["active", "closed"],
  closed: ["trial", "active", "suspended", "erased"],
  erased: [],
} as const satisfies Record<SubscriptionState, readonly SubscriptionState[]>;

const standings = {
  trial: "open",
  active: "open",
  "past-due": "open",
  suspended: "read-only",
  closed: "closed",
  erased: "closed",
} as const satisfies Record<SubscriptionState, Standing>;

export const standingOf = (state: SubscriptionState): Standing => standings[state];

const DAY_MS = 86_400_000;
const daysAfter = (now: Date, days: number): string =>
  new Date(now.getTime() + days * DAY_MS).toISOString();

/**
 * The standing of a tenant without a row: one that the operator set up before there were editions, or
 * set up by hand. It is bound by nothing and ends by itself never.
 */
export const givenSubscription = (createdAt: string): Subscription => ({
  edition: "enterprise",
  state: "active",
  stateSince: createdAt,
  stateEndsAt: null,
  trialEndsAt: null,
  resumesAs: null,
  version: 0,
  createdAt,
  updatedAt: createdAt,
});

/** @param edition what is tried, or subscribed to @param begins `active` where the operator vouches for payment */
export function begin(
  edition: EditionName,
  begins: "trial" | "active",
  by: Actor,
  now: Date,
): SubscriptionChange {
  const at = now.toISOString();
  const trialEndsAt = begins === "trial" ? daysAfter(now, TERMS.trialDays) : null;
  const next: Subscription = {
    ...givenSubscription(at),
    edition,
    state: begins,
    stateEndsAt: trialEndsAt,
    trialEndsAt,
    version: 1,
  };
  const data = { from: null, to: begins, edition };
  return { next, event: eventOf("subscription.started", by, now, data), timers: timersOf(next) };
}

/** Something that happens to a subscription. */
export type Happening =
  /** A payment came in and nothing is left overdue. */
  | "paid"
  /** A payment did not come in in time. */
  | "overdue"
  | "closed"
  | "reopened";

/**
 * Where it leads, and nothing where it changes nothing in this state.
 * @throws DomainError subscription-closed | subscription-not-closed
 */
export function happen(
  subscription: Subscription,
  what: Happening,
  by: Actor,
  now: Date,
): SubscriptionChange | undefined {
  const { state } = subscription;
  switch (what) {
    case "paid":
      if (state === "trial" || state === "past-due" || state === "suspended") {
        return move(subscription, "active", by, now);
      }
      return resumeAs(subscription, "active", by, now);
    case "overdue":
      if (state === "active") return move(subscription, "past-due", by, now);
      return resumeAs(subscription, "suspended", by, now);
    case "closed":
      if (state === "closed" || state === "erased") raise("subscription-closed");
      return move(subscription, "closed", by, now);
    case "reopened": {
      if (state !== "closed") raise("subscription-not-closed");
      const { resumesAs, trialEndsAt } = subscription;
      const isTrialOver = trialEndsAt === null || Date.parse(trialEndsAt) <= now.getTime();
      const to = resumesAs === "trial" && isTrialOver ? "suspended" : (resumesAs ?? "suspended");
      return move(subscription, to, by, now);
    }
  }
}

/** What a payment provider says of a subscription now. */
export interface Payment {
  readonly standing: "pending" | "paid" | "overdue" | "ended";
  /** What is paid for; undefined where it is none of ours. */
  readonly edition: EditionName | undefined;
}

/**
 * Follows what is paid at a provider, where the tenant chooses its edition too. The edition that is paid for
 * counts at once, also where more is in use than it holds: nothing is taken away, and nothing more fits in.
 */
export function followPayment(
  subscription: Subscription,
  { standing, edition }: Payment,
  by: Actor,
  now: Date,
): SubscriptionChange | undefined {
  if (standing === "pending") return undefined;
  const change = happen(subscription, standing === "paid" ? "paid" : "overdue", by, now);
  const after = change?.next ?? subscription;
  const isSame = edition === undefined || edition === after.edition || standing !== "paid";
  if (isSame || after.state === "erased") return change;
  const next = {
    ...after,
    edition,
    version: subscription.version + 1,
    updatedAt: now.toISOString(),
  };
  if (change) {
    const { event } = change;
    return { ...change, next, event: { ...event, data: { ...event.data, edition } } };
  }
  const data = { from: subscription.state, to: after.state, edition };
  return { next, event: eventOf("subscription.edition-changed", by, now, data), timers: [] };
}

/** What is over the limits of the edition, in words; of a tenant that went down to a smaller one at its provider. */
export const overOf = (edition: EditionName, usage: Usage): readonly string[] =>
  overPlaces(edition, usage).map(({ detail }) => detail);

/** Days before its end on which a trial is called to mind. */
export const TRIAL_REMINDERS = [7, 1] as const;

/**
 * Calls the end of a trial to mind; nothing where it has ended, or where that was done since.
 * @param due when it was to be done
 */
export function remindOfTrial(
  subscription: Subscription,
  due: Date,
  by: Actor,
  now: Date,
): SubscriptionChange | undefined {
  const { state, stateEndsAt, trialRemindedAt, edition } = subscription;
  if (state !== "trial" || stateEndsAt === null || Date.parse(stateEndsAt) <= now.getTime()) {
    return undefined;
  }
  if (trialRemindedAt !== undefined && Date.parse(trialRemindedAt) >= due.getTime()) {
    return undefined;
  }
  const at = now.toISOString();
  const next = {
    ...subscription,
    trialRemindedAt: at,
    version: subscription.version + 1,
    updatedAt: at,
  };
  const data = { from: state, to: state, edition };
  return { next, event: eventOf("subscription.trial-ending", by, now, data), timers: [] };
}

/** What time has done to it: one step, and nothing while its state lasts. */
export function elapse(
  subscription: Subscription,
  by: Actor,
  now: Date,
): SubscriptionChange | undefined {
  const { state, stateEndsAt } = subscription;
  if (stateEndsAt === null || now.getTime() < Date.parse(stateEndsAt)) return undefined;
  // The next state counts from now: nobody loses a day of it because we looked late.
  switch (state) {
    case "trial":
      return move(subscription, "past-due", by, now);
    case "past-due":
      return move(subscription, "suspended", by, now);
    case "suspended":
      return move(subscription, "closed", by, now);
    case "closed":
      return move(subscription, "erased", by, now);
    case "active":
    case "erased":
      return undefined;
  }
}

/**
 * At once, larger or smaller; what the smaller one does not hold must be gone before.
 * @throws DomainError subscription-closed | edition-unchanged | edition-too-small with everything that is over
 */
export function changeEdition(
  subscription: Subscription,
  edition: EditionName,
  usage: Usage,
  by: Actor,
  now: Date,
): SubscriptionChange {
  const { state } = subscription;
  if (standingOf(state) === "closed") raise("subscription-closed");
  if (subscription.edition === edition) raise("edition-unchanged");
  requireRoom(edition, usage);
  const next = {
    ...subscription,
    edition,
    version: subscription.version + 1,
    updatedAt: now.toISOString(),
  };
  const data = { from: state, to: state, edition };
  return {
    next,
    event: eventOf("subscription.edition-changed", by, now, data),
    timers: [],
  };
}

const words: Readonly<Record<Counted, string>> = {
  partners: "partners",
  members: "active members",
  programs: "published programs",
};

function overPlaces(edition: EditionName, usage: Usage): ErrorPlace[] {
  const { limits } = editionOf(edition);
  return (["partners", "members", "programs"] as const).flatMap((what): ErrorPlace[] => {
    const limit = limits[what];
    if (limit === null || usage[what] <= limit) return [];
    return [{ pointer: "/edition", detail: `${usage[what]} ${words[what]}; it holds ${limit}` }];
  });
}

/** @throws DomainError edition-too-small with everything that is over */
export function requireRoom(edition: EditionName, usage: Usage): void {
  const over = overPlaces(edition, usage);
  if (over.length > 0) {
    const told = over.map(({ detail }) => detail).join("; ");
    raise("edition-too-small", `The edition ${edition} is too small: ${told}`, over);
  }
}

/** What a refusal at a limit says. */
export const limitReached = (what: string, used: number, limit: number | null): string =>
  `Your edition holds ${limit ?? "no"} ${what}, and ${used} are in use: change the edition or make room`;

export const limitWords = (what: Counted): string => words[what];

const eventTypes = {
  trial: "subscription.reopened",
  active: "subscription.activated",
  "past-due": "subscription.past-due",
  suspended: "subscription.suspended",
  closed: "subscription.closed",
  erased: "subscription.erased",
} as const satisfies Record<SubscriptionState, SubscriptionEvent["type"]>;

function move(
  before: Subscription,
  to: SubscriptionState,
  by: Actor,
  now: Date,
): SubscriptionChange {
  const { state: from, trialEndsAt } = before;
  const allowed: readonly SubscriptionState[] = ways[from];
  if (!allowed.includes(to)) throw new Error(`a subscription never goes from ${from} to ${to}`);
  const at = now.toISOString();
  const next: Subscription = {
    ...before,
    state: to,
    stateSince: at,
    stateEndsAt: endOf(to, trialEndsAt, now),
    resumesAs: to === "closed" ? resumeFrom(from) : null,
    version: before.version + 1,
    updatedAt: at,
  };
  const type = from === "closed" && to !== "erased" ? "subscription.reopened" : eventTypes[to];
  const data = { from, to, edition: before.edition };
  return { next, event: eventOf(type, by, now, data), timers: timersOf(next) };
}

function endOf(to: SubscriptionState, trialEndsAt: string | null, now: Date): string | null {
  switch (to) {
    case "trial":
      return trialEndsAt;
    case "past-due":
      return daysAfter(now, TERMS.graceDays);
    case "suspended":
      return daysAfter(now, TERMS.suspensionDays);
    case "closed":
      return daysAfter(now, TERMS.exportWindowDays);
    case "active":
    case "erased":
      return null;
  }
}

/** Closing and reopening must not win the grace of a payment that is overdue. */
const resumeFrom = (from: SubscriptionState): "trial" | "active" | "suspended" =>
  from === "trial" || from === "active" ? from : "suspended";

/** A payment, or the lack of one, while the tenant is closed tells what reopening leads to. */
function resumeAs(
  before: Subscription,
  resumesAs: "active" | "suspended",
  by: Actor,
  now: Date,
): SubscriptionChange | undefined {
  const { state, edition } = before;
  if (state !== "closed" || before.resumesAs === resumesAs) return undefined;
  const next = {
    ...before,
    resumesAs,
    version: before.version + 1,
    updatedAt: now.toISOString(),
  };
  const type = resumesAs === "active" ? "subscription.activated" : "subscription.past-due";
  const data = { from: state, to: state, edition };
  return { next, event: eventOf(type, by, now, data), timers: [] };
}

/** The state ends by the clock, or the erasure begins at once. */
function timersOf({ state, stateEndsAt, stateSince }: Subscription): Timer[] {
  const reminders =
    state === "trial" && stateEndsAt !== null ? remindersOf(stateEndsAt, stateSince) : [];
  if (state === "erased") return [{ kind: "tenant-erasure", subject: "tenant", dueAt: stateSince }];
  if (stateEndsAt === null) return [];
  return [{ kind: "subscription", subject: "state", dueAt: stateEndsAt }, ...reminders];
}

const remindersOf = (endsAt: string, since: string): Timer[] =>
  TRIAL_REMINDERS.map(
    (days): Timer => ({
      kind: "trial-ending",
      subject: `${days}`,
      dueAt: daysAfter(new Date(endsAt), -days),
    }),
  ).filter(({ dueAt }) => dueAt > since);
