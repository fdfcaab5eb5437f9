import type { RequestContext } from "@concord/core/context";
import {
  acceptPlan,
  approvePlan,
  createPlan,
  type DevelopmentPlan,
  getPlan,
  refusePlan,
  submitPlan,
  withdrawPlan,
} from "@concord/core/development-plan";
import { DomainError } from "@concord/core/error";
import type { PlanId } from "@concord/core/id";
import type { Member, PartnerUser } from "@concord/core/member";
import {
  ACME,
  figure,
  GLOBEX,
  seeded,
  type TestPartnership,
  testPartnership,
  testStore,
} from "@concord/local/testing";
import type { TenantStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { isLinearizable, type Operation, type Step } from "./linearizable.ts";
import { keepSeeds, seedOf } from "./tried-first.ts";

const SEED = seedOf("approval-histories");
const HISTORIES = figure(60, 5_000);
/** Histories of which one has to show a planted mistake: mostly one of the first ten, but it depends on what meets. */
const PLANTED = 400;

type Client = "manager" | "sponsor" | "exec" | "programs" | "otherManager" | "auditor";
type Act = "read" | "approve" | "return" | "withdraw" | "accept" | "submit";
interface Input {
  readonly act: Act;
  /** The version that the client saw last. */
  readonly ifVersion: number;
}
type Answer = string;

/** What a plan is to its clients, told without the product's code. */
interface State {
  readonly version: number;
  readonly status: "draft" | "submitted" | "approved" | "returned";
  readonly isAccepted: boolean;
  /** Approvals so far; two are needed. */
  readonly approvals: number;
}

const turn: readonly Client[] = ["manager", "sponsor"];
const shown = ({ version, status }: Pick<State, "version" | "status">): Answer =>
  `${status} at ${version}`;

const step: Step<State, Input, Answer> = (state, { client, input: { act, ifVersion } }) => {
  const refused = (answer: Answer) => ({ state, answer });
  const done = (change: Partial<State>) => {
    const next = { ...state, ...change, version: state.version + 1 };
    return { state: next, answer: shown(next) };
  };
  if (act === "read") return refused(shown(state));
  if (ifVersion !== state.version) return refused("version-stale");
  const { status, approvals } = state;
  switch (act) {
    case "submit":
      if (status !== "draft") return refused("plan-not-draft");
      if (!state.isAccepted) return refused("plan-not-accepted");
      return done({ status: "submitted", approvals: 0 });
    case "accept":
      return status === "draft" ? done({ isAccepted: true }) : refused("plan-not-draft");
    case "withdraw":
      if (status !== "submitted") return refused("plan-not-submitted");
      return done({ status: "draft", isAccepted: false });
    default:
      if (status !== "submitted") return refused("plan-not-submitted");
      if (client !== turn[approvals]) return refused("plan-not-your-turn");
      if (act === "return") return done({ status: "returned" });
      return done({ approvals: approvals + 1, status: approvals === 1 ? "approved" : "submitted" });
  }
};

const acts: Readonly<Record<Client, readonly Act[]>> = {
  manager: ["read", "approve", "approve", "return"],
  sponsor: ["read", "approve", "approve", "return"],
  otherManager: ["read", "approve"],
  exec: ["read", "withdraw", "accept"],
  programs: ["read", "submit", "submit"],
  auditor: ["read"],
};

type Plans = TenantStore["developmentPlans"];
/** A mistake in how plans are kept; told how often it was asked. */
type Mistake = (plans: Plans, random: () => number) => Plans;

const mistakes: Readonly<Record<string, Mistake>> = {
  "writes over what it has not seen": (plans) => ({
    ...plans,
    async save(next, event, previous) {
      const current = await plans.get(next.planId);
      const version = (current?.version ?? 0) + 1;
      await plans.save({ ...next, version }, event, current ?? previous);
    },
  }),
  "reads what was there a moment ago": (plans, random) => {
    const before = new Map<PlanId, DevelopmentPlan>();
    return {
      ...plans,
      async get(planId) {
        const old = before.get(planId);
        if (old && random() < 0.5) return old;
        const current = await plans.get(planId);
        if (current) before.set(planId, current);
        return current;
      },
    };
  },
  "says done before it is": (plans) => {
    let late = Promise.resolve();
    return {
      ...plans,
      async save(...change) {
        late = late
          .then(() => new Promise<void>((resume) => setImmediate(resume)))
          .then(() => plans.save(...change))
          .catch(() => undefined);
      },
    };
  },
  "loses a write": (plans, random) => ({
    ...plans,
    async save(...change) {
      if (random() < 0.7) await plans.save(...change);
    },
  }),
  "takes every approver for the right one": (plans) => ({
    ...plans,
    async get(planId) {
      const plan = await plans.get(planId);
      return plan?.status === "submitted" ? { ...plan, approval: anyone(plan) } : plan;
    },
  }),
};

/** Whoever is not the approver stands in. */
function anyone({ approval }: Extract<DevelopmentPlan, { status: "submitted" }>) {
  const [first, second] = approval.steps;
  if (!first || !second) return approval;
  return { ...approval, steps: [{ ...first, escalatedToId: second.approverId }, second] };
}

describe("what several people do to one plan at the same time", () => {
  let own: TestPartnership;
  let other: TestPartnership;
  let people: Readonly<Record<Client, Member | PartnerUser>>;

  beforeAll(async () => {
    const test = await testStore();
    const decisionRights = { planBudgetLimit: { amount: "100.00", currency: "USD" } };
    own = await testPartnership(test, ACME, { decisionRights });
    other = await testPartnership(test, GLOBEX, { decisionRights });
    const { manager, sponsor, programManager, viewer } = own.members;
    const elsewhere = await testPartnership(test, ACME, { name: "Wingtip" });
    people = {
      manager,
      sponsor,
      otherManager: elsewhere.members.manager,
      exec: own.partnerUsers.exec,
      programs: programManager,
      auditor: viewer,
    };
  });

  const newPlan = async ({ as, partner, partnerUsers, card }: TestPartnership) => {
    const [metric] = card.metrics;
    const ctx = as(partnerUsers.exec);
    return createPlan(ctx, partner.partnerId, {
      ...{ cycleId: card.cycleId, title: "Win more", summary: "Coaching" },
      budget: { amount: "5000.00", currency: "USD" },
      activities: [
        {
          ...{ title: "Workshop", type: "workshop" as const, metricId: metric?.metricId ?? "" },
          ...{ target: "70", milestones: [{ title: "Held", dueOn: "2027-02-15" }] },
        },
      ],
    });
  };

  async function run(ctx: RequestContext<TenantStore>, planId: PlanId, { act, ifVersion }: Input) {
    const target = { planId, ifVersion };
    switch (act) {
      case "read":
        return getPlan(ctx, planId);
      case "approve":
        return approvePlan(ctx, target, null);
      case "return":
        return refusePlan(ctx, target, "returned", "Not yet");
      case "withdraw":
        return withdrawPlan(ctx, target);
      case "accept":
        return acceptPlan(ctx, target);
      case "submit":
        return submitPlan(ctx, target);
    }
  }

  /** Three to six clients on a new plan, each with some operations, at the mercy of the event loop. */
  async function historyOf(seed: number, mistake: Mistake = (plans) => plans) {
    const random = seeded(seed);
    const plan = await newPlan(own);
    const { planId } = plan;
    const all = Object.keys(acts) as Client[];
    const clients = all.slice(0, 3).concat(all.slice(3).filter(() => random() < 0.6));
    if (!clients.includes("programs")) clients.push("programs");
    const seen = new Map<Client, number>();
    const history: Operation<Input, Answer>[] = [];
    let clock = 0;
    const pause = async () => {
      for (let turns = Math.floor(random() * 6); turns > 0; turns -= 1)
        await new Promise((resume) => setImmediate(resume));
    };
    let keptPlans: Plans | undefined;
    const once = async (client: Client, act: Act) => {
      const person = people[client];
      const ctx = own.as(person);
      keptPlans ??= mistake(ctx.store.developmentPlans, random);
      const store = { ...ctx.store, developmentPlans: keptPlans };
      const input = { act, ifVersion: seen.get(client) ?? plan.version };
      clock += 1;
      const calledAt = clock;
      let answer: Answer;
      try {
        const { version, status } = await run({ ...ctx, store }, planId, input);
        seen.set(client, version);
        answer = `${status} at ${version}`;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        answer = error.code;
      }
      clock += 1;
      history.push({ client, input, answer, calledAt, answeredAt: clock });
    };
    await once("exec", "accept");
    if (random() < 0.7) {
      seen.set("programs", plan.version + 1);
      await once("programs", "submit");
    }
    await Promise.all(
      clients.map(async (client) => {
        for (let left = 2 + Math.floor(random() * 3); left > 0; left -= 1) {
          await pause();
          if (random() < 0.8) await once(client, "read");
          await pause();
          const own = acts[client];
          await once(client, own[Math.floor(random() * own.length)] ?? "read");
        }
      }),
    );
    // Whoever looks when all is over sees what is kept.
    await pause();
    await once("auditor", "read");
    return history;
  }

  const initial: State = { version: 1, status: "draft", isAccepted: false, approvals: 0 };

  it(
    "is as if they had done it one after the other",
    async () => {
      const foreign = await newPlan(other);
      const wrong = new Map<number, string>();
      const reached = new Set<string>();
      for (let number = 0; number < HISTORIES; number += 1) {
        const seed = SEED + number;
        const history = await historyOf(seed);
        for (const { answer } of history) reached.add(answer.split(" ")[0] ?? "");
        if (!isLinearizable(initial, history, step)) wrong.set(seed, told(history));
      }
      keepSeeds("approval-histories", [...wrong.keys()]);
      expect([...wrong].map(([seed, history]) => `seed ${seed}: ${history}`)).toEqual([]);
      // It was busy enough to go wrong, and in every state.
      for (const one of [
        "approved",
        "returned",
        "submitted",
        "version-stale",
        "plan-not-your-turn",
      ])
        expect(reached).toContain(one);
      expect(await getPlan(other.as(other.partnerUsers.exec), foreign.planId)).toEqual(foreign);
    },
    figure(120_000, 3_600_000),
  );

  it.each(Object.entries(mistakes))(
    "and a store that %s is found out",
    async (_, mistake) => {
      let found: number | undefined;
      for (let number = 0; number < PLANTED && found === undefined; number += 1) {
        const history = await historyOf(SEED + number, mistake);
        if (!isLinearizable(initial, history, step)) found = number;
      }
      expect(found).toBeDefined();
    },
    120_000,
  );
});

const told = (history: readonly Operation<Input, Answer>[]): string =>
  history
    .map(
      ({ client, input: { act, ifVersion }, answer, calledAt, answeredAt }) =>
        `${calledAt}–${answeredAt} ${client} ${act} ${ifVersion}: ${answer}`,
    )
    .join("; ");
