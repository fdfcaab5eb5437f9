import { describe, expect, it } from "vitest";
import { approveStep, expire, refuse, submit } from "./approval.ts";
import {
  accepted,
  approved,
  basis,
  DAY_ONE,
  daysLater,
  directory,
  draft,
  exec,
  input,
  partner,
  people,
  rights,
  submitted,
  waiting,
  workflow,
} from "./development-plan.fixture.ts";
import { accept, reachMilestone, update, withdraw } from "./development-plan.ts";
import { AUTHOR_LIMIT, CreatePlan, type DevelopmentPlan } from "./schema.ts";

const returned = () =>
  refuse(submitted(), "returned", "Smaller steps", people.manager, daysLater(1)).next;
const rejected = () => refuse(submitted(), "rejected", "No", people.manager, daysLater(1)).next;
const expired = () => expire(waiting(submitted()), workflow, daysLater(10)).next;

const states: Record<DevelopmentPlan["status"], () => DevelopmentPlan> = {
  draft,
  submitted,
  approved,
  returned,
  rejected,
  expired,
};

const commands: Record<string, (plan: DevelopmentPlan) => { next: DevelopmentPlan }> = {
  update: (plan) => update(plan, { title: "Other" }, basis, exec, daysLater(2)),
  accept: (plan) => accept(plan, exec, daysLater(2)),
  submit: (plan) => submit(plan, partner, rights, directory, people.programManager, daysLater(2)),
  withdraw: (plan) => withdraw(plan, exec, daysLater(2)),
  approve: (plan) => approveStep(plan, null, people.manager, daysLater(2)),
  return: (plan) => refuse(plan, "returned", "Why", people.manager, daysLater(2)),
  reject: (plan) => refuse(plan, "rejected", "Why", people.manager, daysLater(2)),
  milestone: (plan) =>
    reachMilestone(plan, { activity: 0, milestone: 0, doneOn: "2027-02-10" }, exec, daysLater(2)),
};

/** The declared machine: from state by command to state, or the code of the refusal. */
const machine: Record<string, Record<string, string>> = {
  draft: {
    update: "draft",
    accept: "draft",
    submit: "plan-not-accepted",
    withdraw: "plan-not-submitted",
    approve: "plan-not-submitted",
    return: "plan-not-submitted",
    reject: "plan-not-submitted",
    milestone: "plan-not-approved",
  },
  submitted: {
    update: "plan-not-draft",
    accept: "plan-not-draft",
    submit: "plan-not-draft",
    withdraw: "draft",
    approve: "approved",
    return: "returned",
    reject: "rejected",
    milestone: "plan-not-approved",
  },
  approved: {
    update: "plan-not-draft",
    accept: "plan-not-draft",
    submit: "plan-not-draft",
    withdraw: "plan-not-submitted",
    approve: "plan-not-submitted",
    return: "plan-not-submitted",
    reject: "plan-not-submitted",
    milestone: "approved",
  },
  returned: {
    update: "draft",
    accept: "plan-not-draft",
    submit: "plan-not-draft",
    withdraw: "plan-not-submitted",
    approve: "plan-not-submitted",
    return: "plan-not-submitted",
    reject: "plan-not-submitted",
    milestone: "plan-not-approved",
  },
  rejected: {
    update: "plan-not-draft",
    accept: "plan-not-draft",
    submit: "plan-not-draft",
    withdraw: "plan-not-submitted",
    approve: "plan-not-submitted",
    return: "plan-not-submitted",
    reject: "plan-not-submitted",
    milestone: "plan-not-approved",
  },
  expired: {
    update: "plan-not-draft",
    accept: "plan-not-draft",
    submit: "plan-not-draft",
    withdraw: "plan-not-submitted",
    approve: "plan-not-submitted",
    return: "plan-not-submitted",
    reject: "plan-not-submitted",
    milestone: "plan-not-approved",
  },
};

const cells = Object.entries(machine).flatMap(([from, row]) =>
  Object.entries(row).map(([command, to]) => ({ from, command, to })),
);

describe("a development plan", () => {
  it.each(cells)("S-81 $from: $command leads to $to", ({ from, command, to }) => {
    const plan = states[from as DevelopmentPlan["status"]]();
    const run = () => commands[command]?.(plan);
    if (to.startsWith("plan-")) {
      expect(run).toThrow(expect.objectContaining({ code: to }));
      return;
    }
    const next = run()?.next;
    expect(next?.status).toBe(to);
    expect(next?.version).toBe(plan.version + 1);
  });

  it("covers every state and every command", () => {
    expect(cells).toHaveLength(Object.keys(states).length * Object.keys(commands).length);
  });

  it("S-79 takes name and baseline of each activity from the frozen scorecard", () => {
    expect(draft().activities[0]).toMatchObject({
      metricId: "win-rate",
      metricName: "Win rate",
      baseline: "61.5385",
      target: "70",
    });
  });

  it.each([
    "on-demand-training",
    "workshop",
    "practice",
    "coaching",
    "co-investment",
    "joint-capability",
  ])("S-78 takes an activity of type %s and no unknown one", (type) => {
    const [activity] = input.activities;
    const written = (kind: string) => ({ ...input, activities: [{ ...activity, type: kind }] });
    expect(CreatePlan.parse(written(type)).activities[0]?.type).toBe(type);
    expect(CreatePlan.safeParse(written(`${type}s`)).success).toBe(false);
  });

  it("names every activity whose metric the scorecard does not have", () => {
    const [activity] = draft().activities;
    const { title = "", type = "workshop" } = activity ?? {};
    const drafted = { title, type, target: "1", milestones: [{ title: "M", dueOn: "2027-02-15" }] };
    const write = () =>
      update(
        draft(),
        {
          activities: [
            { ...drafted, metricId: "win-rate" },
            { ...drafted, metricId: "luck" },
            { ...drafted, metricId: "charm" },
          ],
        },
        basis,
        exec,
        DAY_ONE,
      );
    expect(write).toThrow(
      expect.objectContaining({
        code: "plan-metric-unknown",
        places: [
          { pointer: "/activities/1/metricId", detail: "is none of win-rate, sales-cycle" },
          { pointer: "/activities/2/metricId", detail: "is none of win-rate, sales-cycle" },
        ],
      }),
    );
  });

  it.each([
    { amount: "-1.00", currency: "USD" },
    { amount: "1.001", currency: "USD" },
    { amount: "1.00", currency: "EUR" },
  ])("refuses a budget of $amount $currency", (budget) => {
    expect(() => draft({ budget })).toThrow(
      expect.objectContaining({
        code: "request-invalid",
        places: [{ pointer: "/budget", detail: "must be an amount of USD, zero or more" }],
      }),
    );
  });

  it("takes a budget of nothing", () => {
    expect(draft({ budget: { amount: "0.00", currency: "USD" } }).budget.amount).toBe("0.00");
  });

  it("S-77 needs the partner's acceptance anew whoever changes it, and remembers who wrote it", () => {
    const changed = update(accepted(), { title: "Ours" }, basis, people.manager, daysLater(1)).next;
    expect(changed.accepted).toBeNull();
    expect(changed.authors).toEqual([
      { kind: "partner-user", partnerUserId: exec.partnerUserId, partnerId: exec.partnerId },
      { kind: "member", memberId: people.manager.memberId },
    ]);
    const again = update(changed, { title: "Again" }, basis, people.manager, daysLater(2)).next;
    expect(again.authors).toHaveLength(2);
  });

  it("keeps what a change does not name, and takes what it names", () => {
    const plan = draft();
    const coaching = {
      ...{ title: "Coaching", type: "coaching" as const, metricId: "sales-cycle", target: "30" },
      milestones: [{ title: "First talk", dueOn: "2027-02-01" }],
    };
    const whole = {
      ...{ title: "Ours", summary: "Shorter", budget: { amount: "1.00", currency: "USD" } },
      activities: [coaching],
    };
    const { title, summary, budget } = plan;
    const kept = update(plan, {}, basis, exec, daysLater(1)).next;
    expect(kept).toMatchObject({
      title,
      summary,
      budget,
      activities: plan.activities,
      revision: 1,
    });
    expect(update(plan, whole, basis, exec, daysLater(1)).next).toMatchObject({
      ...{ title: "Ours", summary: "Shorter", budget: { amount: "1.00", currency: "USD" } },
      activities: [
        {
          ...{ metricName: "Sales cycle", baseline: null, title: "Coaching" },
          milestones: [{ title: "First talk", dueOn: "2027-02-01", doneOn: null }],
        },
      ],
    });
    const tooDear = { budget: { amount: "-1.00", currency: "USD" } };
    expect(() => update(plan, tooDear, basis, exec, daysLater(1))).toThrow(
      expect.objectContaining({ code: "request-invalid" }),
    );
  });

  it("takes no author more than its row holds", () => {
    const [author] = draft().authors;
    if (!author) throw new Error("a plan has an author");
    const full = { ...draft(), authors: Array.from({ length: AUTHOR_LIMIT }, () => author) };
    expect(() => update(full, {}, basis, people.manager, DAY_ONE)).toThrow(
      expect.objectContaining({ code: "plan-authors-full" }),
    );
    expect(update(full, {}, basis, exec, DAY_ONE).next.authors).toHaveLength(AUTHOR_LIMIT);
  });

  it("is withdrawn by an author alone, as its next revision", () => {
    expect(() => withdraw(submitted(), people.sponsor, daysLater(1))).toThrow(
      expect.objectContaining({ code: "plan-not-author" }),
    );
    const ours = update(accepted(), {}, basis, people.manager, daysLater(1)).next;
    const { authors } = ours;
    expect(withdraw({ ...submitted(), authors }, people.manager, daysLater(1)).next.status).toBe(
      "draft",
    );
    const { next, event } = withdraw(submitted(), exec, daysLater(1));
    expect(next).toMatchObject({ status: "draft", revision: 2, accepted: null });
    expect(event).toMatchObject({
      type: "development-plan.withdrawn",
      data: { revision: 1, stepNumber: 1 },
    });
  });

  it("makes the next revision of a returned plan when it is changed", () => {
    const next = update(returned(), { title: "Smaller" }, basis, exec, daysLater(2)).next;
    expect(next).toMatchObject({ status: "draft", revision: 2, accepted: null });
  });

  it("S-80 reaches the milestone that is named and no other", () => {
    const reach = (activity: number, milestone: number) =>
      reachMilestone(
        approved(),
        { activity, milestone, doneOn: "2027-02-10" },
        exec,
        daysLater(30),
      );
    expect(reach(0, 1).next.activities[0]?.milestones.map(({ doneOn }) => doneOn)).toEqual([
      null,
      "2027-02-10",
    ]);
    const [activity] = input.activities;
    if (!activity) throw new Error("a plan has an activity");
    const two = submitted({ activities: [activity, activity] });
    const approvedTwo = approveStep(two, null, people.manager, daysLater(1)).next;
    const reached = reachMilestone(
      approvedTwo,
      { activity: 1, milestone: 0, doneOn: "2027-02-10" },
      exec,
      daysLater(30),
    ).next;
    expect(
      reached.activities.map(({ milestones }) => milestones.map(({ doneOn }) => doneOn)),
    ).toEqual([
      [null, null],
      ["2027-02-10", null],
    ]);
    expect(() => reach(0, 2)).toThrow(expect.objectContaining({ code: "milestone-not-found" }));
    expect(() => reach(1, 0)).toThrow(expect.objectContaining({ code: "milestone-not-found" }));
  });
});
