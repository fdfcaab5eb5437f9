import { createActionItem } from "@concord/core/action-item";
import { usualRules } from "@concord/core/confidentiality";
import {
  acceptPlan,
  approvePlan,
  createPlan,
  type DevelopmentPlan,
  escalateStep,
  expirePlan,
  refusePlan,
  remindApprover,
  submitPlan,
} from "@concord/core/development-plan";
import { decideDispute, fileDispute } from "@concord/core/dispute";
import { eventOf } from "@concord/core/event";
import { endPartnerUser } from "@concord/core/member";
import { reportFact } from "@concord/core/opportunity";
import { proposeTargets } from "@concord/core/target";
import type { PartnerTier } from "@concord/core/tier";
import {
  ACME,
  discreet,
  GLOBEX,
  NOON,
  type TestPartnership,
  type TestStore,
  testPartnership,
  testStore,
} from "@concord/local/testing";
import { tenantIdOf } from "@concord/storage";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { added } from "../change-feed/changes.fixture.ts";
import type { Mail } from "./compose-mail.ts";
import { sendMail } from "./send-mail.ts";

const targetOf = ({ planId, version }: DevelopmentPlan) => ({ planId, ifVersion: version });
const dateOf = (text: string) => new Date(`${text}T12:00:00Z`);

describe("mails from the change feed", () => {
  let test: TestStore;
  let own: TestPartnership;
  let other: TestPartnership;
  let sent: Mail[];
  let lines: unknown[];
  let failing: string | undefined;
  let wallMs = NOON.getTime();
  let meanwhile: (() => Promise<unknown>) | undefined;
  beforeAll(async () => {
    test = await testStore();
    own = await testPartnership(test, ACME, {
      decisionRights: { planBudgetLimit: { amount: "100.00", currency: "USD" } },
    });
    other = await testPartnership(test, GLOBEX, { name: "Contoso" });
  });
  beforeEach(() => {
    sent = [];
    lines = [];
    failing = undefined;
    meanwhile = undefined;
  });

  const exec = () => own.as(own.partnerUsers.exec);
  const manager = () => own.as(own.members.manager);
  const feed = (rows: readonly Readonly<Record<string, unknown>>[], now = dateOf("2027-01-15")) =>
    sendMail(
      {
        contextOf: (tenantId) => ({ ...test.asSystem(tenantId), now }),
        tenantOf: tenantIdOf,
        transport: {
          async send(mail) {
            if (mail.to === failing) throw new Error(`no mailbox ${mail.to}`);
            await meanwhile?.();
            sent.push(mail);
          },
        },
        tokenSecret: new Uint8Array(32).fill(7),
        baseUrl: "https://concord.example/",
        ...{ wallNow: () => wallMs, leaseMs: 60_000 },
        log: discreet((line) => lines.push(line)),
      },
      added(...rows),
    );
  const rowsOf = async (partition: string, sort: string) =>
    (await test.table.query({ pk: `T#${ACME}#${partition}`, sort: { prefix: sort } })).items;
  const reviewRow = ({ review }: TestPartnership, tenantId = ACME) =>
    test.table.get({
      pk: `T#${tenantId}#REVIEW#${review.cycleId}#${review.partnerId}`,
      sk: "REVIEW",
    });
  const lastEvent = async (partition: string) => {
    const [row] = (await rowsOf(partition, "EVENT#")).slice(-1);
    return row ?? {};
  };
  const told = () => sent.map(({ to, subject }) => `${to}: ${subject}`).toSorted();
  const addressesOf = (...people: readonly { readonly email: string }[]) =>
    people.map(({ email }) => email).toSorted();

  const submitted = async (by = exec()) => {
    const draft = await createPlan(by, own.partner.partnerId, {
      cycleId: own.review.cycleId,
      title: "Win <more>",
      summary: "Coaching",
      budget: { amount: "2500.00", currency: "USD" },
      activities: [
        {
          title: "Workshop",
          type: "workshop",
          metricId: "win-rate",
          target: "75",
          milestones: [{ title: "Held", dueOn: "2027-02-15" }],
        },
      ],
    });
    return submitPlan(exec(), targetOf(await acceptPlan(exec(), targetOf(draft))));
  };

  describe("when a review opens", () => {
    it("tell each person of the partner what is measured, until when and where", async () => {
      const row = await reviewRow(own);
      expect(await feed([row ?? {}])).toEqual({ batchItemFailures: [] });
      expect(sent.map(({ to }) => to).toSorted()).toEqual(
        addressesOf(own.partnerUsers.exec, own.partnerUsers.user),
      );
      const [mail] = sent;
      expect(mail?.subject).toBe("The review of 2026-Q4 is open: Northwind");
      expect(mail?.text).toContain(
        "- Win rate: weight 15 %, target at least 75 %, nothing up to 45 %",
      );
      expect(mail?.text).toContain(
        "- Sales cycle: weight 15 %, target at most 35 days, nothing from",
      );
      expect(mail?.text).toContain("until Friday 8 January 2027 at 06:00 (America/Chicago)");
      expect(mail?.text).toContain("until Friday 29 January 2027 at 06:00 (America/Chicago)");
      expect(mail?.text).toContain(
        `https://concord.example/v1/review-cycles/${own.review.cycleId}/reviews/${own.partner.partnerId}`,
      );
      expect(own.program.definition.metrics).not.toHaveLength(0);
      for (const { name, weightPercent } of own.program.definition.metrics) {
        expect(mail?.text).toContain(`- ${name}: weight ${weightPercent} %, target at `);
      }
    });

    it("go out once, however often and in whichever batch the row comes", async () => {
      const fresh = await testPartnership(test, GLOBEX, { name: "Once" });
      const row = (await reviewRow(fresh, GLOBEX)) ?? {};
      await feed([row, row]);
      await feed([row]);
      expect(sent).toHaveLength(2);
      expect(new Set(sent.map(({ mailId }) => mailId)).size).toBe(2);
    });

    it("go to nobody who has left, of another partner or of another tenant", async () => {
      const fresh = await testPartnership(test, GLOBEX, { name: "Leaving" });
      const { exec: stays, user } = fresh.partnerUsers;
      await endPartnerUser(fresh.as(fresh.members.manager), { ...user, ifVersion: 1 });
      await feed([(await reviewRow(fresh, GLOBEX)) ?? {}]);
      expect(sent.map(({ to }) => to)).toEqual([stays.email]);
      sent = [];
      await feed([(await reviewRow(other, GLOBEX)) ?? {}]);
      expect(sent.map(({ to }) => to).toSorted()).toEqual(
        addressesOf(other.partnerUsers.exec, other.partnerUsers.user),
      );
    });

    it("do not go out once its window is over", async () => {
      const fresh = await testPartnership(test, GLOBEX, { name: "Late" });
      await feed([(await reviewRow(fresh, GLOBEX)) ?? {}], dateOf("2027-01-29"));
      expect(sent).toEqual([]);
    });
  });

  it("report what failed, tell the others, and then only who was left; no address in the log", async () => {
    const fresh = await testPartnership(test, GLOBEX, { name: "Failing" });
    const row = (await reviewRow(fresh, GLOBEX)) ?? {};
    failing = fresh.partnerUsers.user.email;
    expect(await feed([row])).toEqual({ batchItemFailures: [{ itemIdentifier: "1" }] });
    expect(sent.map(({ to }) => to)).toEqual([fresh.partnerUsers.exec.email]);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain("@");
    failing = undefined;
    wallMs += 60_000;
    expect(await feed([row])).toEqual({ batchItemFailures: [] });
    expect(sent.map(({ to }) => to)).toEqual([
      fresh.partnerUsers.exec.email,
      fresh.partnerUsers.user.email,
    ]);
  });

  it("go out once where two deliveries run at the same time; the other one comes again, and finds them sent", async () => {
    const row =
      (await reviewRow(await testPartnership(test, GLOBEX, { name: "Twice" }), GLOBEX)) ?? {};
    const others: unknown[] = [];
    meanwhile = async () => {
      meanwhile = undefined;
      others.push(await feed([row]));
    };
    await feed([row]);
    expect(others).toEqual([{ batchItemFailures: [{ itemIdentifier: "1" }] }]);
    expect(await feed([row])).toEqual({ batchItemFailures: [] });
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map(({ mailId }) => mailId)).size).toBe(2);
  });

  it("of a process that died before it sent them go out when its claim is over, not before", async () => {
    const fresh = await testPartnership(test, GLOBEX, { name: "Died" });
    const row = (await reviewRow(fresh, GLOBEX)) ?? {};
    meanwhile = () => Promise.reject(new Error("killed"));
    await feed([row]);
    meanwhile = undefined;
    sent = [];
    wallMs += 59_999;
    expect(await feed([row])).toEqual({ batchItemFailures: [{ itemIdentifier: "1" }] });
    expect(sent).toEqual([]);
    wallMs += 1;
    expect(await feed([row])).toEqual({ batchItemFailures: [] });
    expect(sent).toHaveLength(2);
  });

  describe("of an approval", () => {
    it("go to each approver when it is their turn, and to authors and partner at the end", async () => {
      const plan = await submitted(manager());
      const partition = `PLAN#${plan.planId}`;
      const { programManager, sponsor } = own.members;
      await feed([await lastEvent(partition)]);
      expect(told()).toEqual([`${programManager.email}: For your decision: Win <more>`]);
      expect(sent[0]?.text).toContain("(budget 2,500.00 USD)");
      expect(sent[0]?.text).toContain("until Monday 25 January 2027 at 06:00 (America/Chicago)");
      expect(sent[0]?.html).toContain("Win &lt;more&gt;");
      sent = [];
      const first = await approvePlan(own.as(programManager), targetOf(plan), null);
      await feed([await lastEvent(partition)]);
      expect(told()).toEqual([`${sponsor.email}: For your decision: Win <more>`]);
      sent = [];
      await approvePlan(own.as(sponsor), targetOf(first), "Well done");
      await feed([await lastEvent(partition)]);
      expect(sent.map(({ to }) => to).toSorted()).toEqual(
        addressesOf(own.members.manager, own.partnerUsers.exec, own.partnerUsers.user),
      );
      expect(new Set(sent.map(({ subject }) => subject))).toEqual(
        new Set(["Approved: Win <more>"]),
      );
      expect(sent[0]?.text).toContain("sponsor of Northwind wrote:\n\nWell done");
    });

    it.each(["returned", "rejected"] as const)("say why a plan was %s", async (outcome) => {
      const plan = await submitted();
      await refusePlan(manager(), targetOf(plan), outcome, "Too much at once");
      await feed([await lastEvent(`PLAN#${plan.planId}`)]);
      expect(sent.map(({ to }) => to).toSorted()).toEqual(
        addressesOf(own.partnerUsers.exec, own.partnerUsers.user),
      );
      expect(sent[0]?.text).toContain("manager of Northwind wrote:\n\nToo much at once");
    });

    it("remind the approver, tell both of an escalation, and tell of the expiry", async () => {
      const plan = await submitted();
      const partition = `PLAN#${plan.planId}`;
      const ref = { planId: plan.planId, revision: 1, attempt: 1, stepNumber: 1 };
      const { manager: approver, programManager } = own.members;
      await remindApprover(own.asSystem(), ref);
      await feed([await lastEvent(partition)]);
      expect(told()).toEqual([`${approver.email}: Reminder: Win <more> waits for your decision`]);
      sent = [];
      await escalateStep(own.asSystem(), ref);
      await feed([await lastEvent(partition)]);
      expect(told()).toEqual(
        [approver, programManager].map(({ email }) => `${email}: Escalated: Win <more>`).toSorted(),
      );
      expect(sent[0]?.text).toContain("programs of Northwind can decide it as well as manager of");
      sent = [];
      await expirePlan(own.asSystem(), ref);
      await feed([await lastEvent(partition)]);
      expect(told()).toEqual(
        [own.partnerUsers.exec, own.partnerUsers.user]
          .map(({ email }) => `${email}: Expired: Win <more>`)
          .toSorted(),
      );
    });

    it("S-17 leave out what is not for everybody of both sides who gets them", async () => {
      const { confidentiality } = test.openTenant(ACME);
      const rules = {
        ...usualRules,
        information: { "development-plan": "confidential" as const },
        version: 1,
        updatedAt: "2027-01-15T12:00:00.000Z",
      };
      const event = { type: "confidentiality.rules-set", at: "2027-01-15T12:00:00.000Z" } as const;
      const { classes, information, allowsAgreements, readsKeptDays } = rules;
      const data = { classes, information, allowsAgreements, readsKeptDays };
      const by = { kind: "system", name: "bootstrap" } as const;
      await confidentiality.save(rules, { ...event, by, data: { ...data, before: data } });
      const plan = await submitted();
      await refusePlan(manager(), targetOf(plan), "rejected", "Too much at once");
      await feed([await lastEvent(`PLAN#${plan.planId}`)]);
      expect(sent).toHaveLength(2);
      for (const { subject, text, html } of sent) {
        expect(subject).toBe("Rejected: Win <more>");
        expect(text + html).not.toMatch(/budget|2,500|Too much/);
      }
      const next = { ...rules, information: {}, version: 2 };
      await confidentiality.save(next, { ...event, by, data: { ...data, before: data } });
    });

    it("ask nobody for a decision that is made already", async () => {
      const plan = await submitted();
      const asked = await lastEvent(`PLAN#${plan.planId}`);
      await refusePlan(manager(), targetOf(plan), "rejected", "No");
      await feed([asked]);
      expect(sent).toEqual([]);
    });
  });

  it("S-74 give an action item to its owner", async () => {
    const item = await createActionItem(manager(), own.partner.partnerId, {
      text: "Train two people",
      owner: { kind: "partner-user", partnerUserId: own.partnerUsers.user.partnerUserId },
      dueOn: "2027-02-28",
    });
    await feed([await lastEvent(`ACTION#${item.actionItemId}`)]);
    expect(told()).toEqual([
      `${own.partnerUsers.user.email}: Yours to do until 2027-02-28: Train two people`,
    ]);
  });

  it("take a report on a fact to the data steward", async () => {
    await reportFact(exec(), {
      partnerId: own.partner.partnerId,
      input: { kind: "missing", details: {}, text: "Our deal with Fabrikam" },
    });
    await feed([await lastEvent(`FACTREPORTS#${own.partner.partnerId}`)]);
    expect(told()).toEqual([`${own.members.steward.email}: Northwind reports a missing fact`]);
    expect(sent[0]?.text).toContain("Our deal with Fabrikam");
  });

  it("take a dispute to those who can decide, and the decision to whoever filed it", async () => {
    const key = { cycleId: own.review.cycleId, partnerId: own.partner.partnerId };
    const dispute = await fileDispute(exec(), key, {
      about: "score",
      metricId: "win-rate",
      scorecardRevision: 1,
      reason: "Not for every eye",
      evidence: { text: "Enclosed", links: [], opportunityIds: [] },
    });
    const partition = `REVIEW#${key.cycleId}#${key.partnerId}`;
    const events = () => rowsOf(partition, `EVENT#Dispute#${dispute.disputeId}`);
    await feed(await events());
    const subject = "For your decision: Northwind disputes Win rate";
    const { programManager, sponsor } = own.members;
    expect(told()).toEqual(
      addressesOf(programManager, sponsor).map((address) => `${address}: ${subject}`),
    );
    expect(sent.map(({ text }) => text).join()).not.toContain("Not for every eye");

    sent = [];
    const target = { ...key, disputeId: dispute.disputeId, ifVersion: 1 };
    await decideDispute(own.as(sponsor), target, { outcome: "rejected", answer: "Counted right" });
    // Told of again, the first event finds nothing that waits.
    await feed(await events());
    const { exec: filer } = own.partnerUsers;
    expect(told()).toEqual([`${filer.email}: Rejected: your dispute about Win rate`]);
  });

  it("take proposed targets to those who can acknowledge them, without the figures, while they wait", async () => {
    const { partnerId } = own.partner;
    const { programId } = own.program;
    const key = { partnerId, programId, from: "2027-Q3" };
    const targets = [{ metricId: "revenue-won", target: 98_765 }];
    const { programManager, manager } = own.members;
    await proposeTargets(
      own.as(programManager),
      { ...key, ifVersion: 0 },
      { targets, basis: { kind: "entered" } },
    );
    const events = () => rowsOf(`LIVE#${partnerId}`, "EVENT#TargetSet#");
    await feed(await events());
    const subject = "To acknowledge: the targets of Northwind for 2027-Q3";
    const { exec: executive } = own.partnerUsers;
    expect(told()).toEqual(
      addressesOf(executive, manager).map((address) => `${address}: ${subject}`),
    );
    expect(sent.map(({ text }) => text).join()).not.toMatch(/98[,.]?765/);

    sent = [];
    await proposeTargets(
      own.as(manager),
      { ...key, ifVersion: 1 },
      { targets: [], basis: { kind: "entered" } },
    );
    // Told of again, the first proposal waits no more; its manager need not be told of their own.
    await feed(await events());
    expect(told()).toEqual([`${executive.email}: ${subject}`]);
  });

  it("take a recommended tier to both sides, while it waits", async () => {
    const { partnerId } = own.partner;
    const { programId } = own.program;
    const system = own.asSystem();
    const evaluated = { cycleId: own.review.cycleId, period: "2026-Q4", scorecardRevision: 1 };
    const told = {
      partnerId,
      programId,
      from: "gold",
      to: "silver",
      direction: "demotion",
    } as const;
    const tier: PartnerTier = {
      ...{ partnerId, programId, partnerName: "Northwind", evaluated, ratedPeriods: ["2026-Q4"] },
      ...{ tierId: "gold", tierName: "Gold", since: null, history: [] },
      recommendation: {
        ...evaluated,
        ...{ direction: "demotion", tierId: "silver", tierName: "Silver", standingScore: 48 },
        ...{ reasons: ["The standing is 48.0"], blockedBy: [], decidableFrom: "2027-01-26" },
        recommendedAt: system.now.toISOString(),
      },
      ...{ updatedAt: system.now.toISOString(), version: 1 },
    };
    await system.store.tiers.save(
      tier,
      eventOf("tier.recommended", system.actor, system.now, told),
    );
    const events = () => rowsOf(`PARTNER#${partnerId}`, "EVENT#PartnerTier");
    await feed(await events());
    const { manager: caretaker, programManager, sponsor } = own.members;
    expect(sent.map(({ to }) => to).toSorted()).toEqual(
      addressesOf(caretaker, programManager, sponsor, ...Object.values(own.partnerUsers)),
    );
    expect(sent[0]).toMatchObject({
      subject: "Recommended: demotion of Northwind to Silver",
      text: expect.stringContaining("not before 2027-01-26"),
    });
    sent = [];
    const declined = { ...tier, recommendation: null, version: 2 };
    await system.store.tiers.save(
      declined,
      eventOf("tier.declined", system.actor, system.now, told),
    );
    await feed(await events());
    expect(sent).toEqual([]);
  });

  it("call for nothing where an event concerns nobody", async () => {
    const events = await rowsOf(`PARTNER#${own.partner.partnerId}`, "EVENT#Partner#");
    expect(events).toHaveLength(1);
    expect(await feed(events)).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([]);
  });
});
