import { readdirSync } from "node:fs";
import type { Cycle } from "@concord/core/cycle";
import type { DevelopmentPlan } from "@concord/core/development-plan";
import type { Import, UploadTarget } from "@concord/core/import";
import type { Partner } from "@concord/core/partner";
import type { Session } from "@concord/core/review";
import {
  type Client,
  patientClient,
  type Request,
  untilIs,
  uploadPatiently,
} from "./client.fixture.ts";
import { csvOf, type Deal, PARTNERS, type Row, rowsOn } from "./data.fixture.ts";
import { tokenIn } from "./mailed-token.fixture.ts";
import { PASSWORD, type Tenant } from "./tenant.fixture.ts";

/** What the server said it has done, and what it refused. */
export interface Acknowledged {
  readonly partners: Map<string, string>;
  /** Addresses by partner. */
  readonly users: Map<string, string>;
  readonly imports: Map<string, { readonly before: readonly Row[]; readonly rows: readonly Row[] }>;
  readonly contributions: string[];
  readonly actions: string[];
  /** Status and decisions by title. */
  readonly plans: Map<string, PlanOutcome>;
  readonly refused: string[];
}

export interface PlanOutcome {
  readonly planId: string;
  readonly status: DevelopmentPlan["status"];
  readonly revision: number;
  readonly decisions: readonly string[];
  readonly milestonesDone: number;
}

export const DAYS = ["2026-12-20", "2027-02-15", "2027-04-02"] as const;
const openingsMailed = (outbox: string): number =>
  readdirSync(outbox).filter((name) => /^review-opened-.*\.eml$/.test(name)).length;
const BUDGET = { amount: "18000.00", currency: "USD" };

/** A quarter of reviews in the hands of a client that insists, whatever happens to the server. */
export function journey(tenant: Tenant, deals: readonly Deal[]) {
  const done: Acknowledged = {
    partners: new Map(),
    users: new Map(),
    imports: new Map(),
    contributions: [],
    actions: [],
    plans: new Map(),
    refused: [],
  };
  const { url } = tenant;
  const as = (email: string): Client => patientClient(url, email, PASSWORD);
  const operations = as(tenant.operations.email);
  const manager = as(tenant.manager.email);
  const sponsor = as(tenant.sponsor.email);
  const executives = new Map<string, Client>();
  let keys = 0;
  const keyed = (body: unknown): Request => {
    keys += 1;
    return { method: "POST", body, key: `key-${keys}` };
  };
  const idOf = (partner: string): string => done.partners.get(partner) ?? "";
  const executiveOf = (partner: string): Client => executives.get(partner) ?? operations;

  async function refuse(name: string, asking: Promise<{ status: number }>, status: number) {
    const answer = await asking;
    if (answer.status !== status) throw new Error(`${name} was answered ${answer.status}`);
    done.refused.push(name);
  }

  async function addPartner(name: string): Promise<void> {
    const { body } = await operations.call<Partner>(
      "/v1/partners",
      keyed({
        name,
        region: "West",
        partnerManagerId: tenant.manager.memberId,
        executiveSponsorId: tenant.sponsor.memberId,
        dataStewardId: tenant.operations.memberId,
      }),
    );
    done.partners.set(name, body.partnerId);
    const email = `executive@${name.toLowerCase()}.example`;
    await operations.call(
      `/v1/partners/${body.partnerId}/invitations`,
      keyed({ email, roles: ["partner-exec"] }),
    );
    await acceptByMail(`Executive of ${name}`, email);
    done.users.set(name, email);
    executives.set(name, as(email));
    await refuse(
      "a partner that a partner adds",
      executiveOf(name).send("/v1/partners", keyed({ name: `Refused ${name}`, region: "West" })),
      403,
    );
  }

  async function acceptByMail(displayName: string, email: string): Promise<void> {
    const token = await untilIs(
      () => tokenIn(tenant.outbox, email),
      (found) => found !== undefined,
      moveOn,
    );
    const answer = await operations.send("/v1/invitations/accept", {
      body: { token, displayName, password: PASSWORD },
    });
    // An attempt whose answer was lost has been accepted already.
    if (answer.status !== 200 && !(answer.status === 409 && answer.isRepeated)) {
      throw new Error(`the invitation of ${email} was answered ${answer.status}`);
    }
  }

  async function feed(before: readonly Row[], day: string): Promise<readonly Row[]> {
    const rows = rowsOn(deals, day);
    const { body } = await operations.call<{ import: Import; upload: UploadTarget }>(
      "/v1/imports",
      keyed({ sourceId: tenant.sourceId, fileName: `${day}.csv` }),
    );
    const { importId } = body.import;
    done.imports.set(importId, { before, rows });
    await uploadPatiently(body.upload, csvOf(rows));
    await untilIs(
      async () => (await operations.call<Import>(`/v1/imports/${importId}`)).body.status,
      (status) => status === "completed",
      moveOn,
    );
    return rows;
  }

  const moveTo = async (now: string): Promise<void> => {
    const answer = await operations.send("/dev/clock", { body: { now } });
    // An attempt whose answer was lost has moved it already.
    if (answer.status !== 200 && !(answer.status === 409 && answer.isRepeated)) {
      throw new Error(`the clock answered ${answer.status}`);
    }
  };

  /** Past the two minutes after which what a killed process had in hand is handed out anew. */
  const moveOn = (): Promise<void> => operations.passTime(150);

  const cycle = (period: string, isThere: (found: Cycle) => boolean): Promise<Cycle | undefined> =>
    untilIs(
      async () =>
        (await operations.list<Cycle>("/v1/review-cycles")).find((one) => one.period === period),
      (found) => found !== undefined && isThere(found),
      moveOn,
    );

  async function contribute(cycleId: string, partner: string): Promise<void> {
    const path = `/v1/review-cycles/${cycleId}/reviews/${idOf(partner)}/contributions`;
    for (const kind of ["win", "need"]) {
      const text = `The ${kind} of ${partner}`;
      await executiveOf(partner).call(path, keyed({ kind, text }));
      done.contributions.push(text);
    }
    await refuse(
      "a contribution of no kind",
      executiveOf(partner).send(path, keyed({ kind: "boast", text: `The boast of ${partner}` })),
      400,
    );
  }

  /** Changes an object as it stands, once, also where the answer of the first attempt was lost. */
  async function change<T>(
    client: Client,
    path: string,
    isDone: (current: T) => boolean,
    request: Request & { readonly path?: string },
  ): Promise<T> {
    for (;;) {
      const { body, etag } = await client.call<T>(path);
      if (isDone(body)) return body;
      const answer = await client.send<T>(request.path ?? path, { ...request, ifMatch: etag });
      if (answer.status === 200) return answer.body;
      if (answer.status !== 412 || !answer.isRepeated) {
        throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      }
    }
  }

  async function meet(cycleId: string, partner: string): Promise<void> {
    const path = `/v1/review-cycles/${cycleId}/reviews/${idOf(partner)}/session`;
    const { body: planned } = await manager.call<Session>(path, keyed({ heldOn: "2027-04-10" }));
    for (const { agendaItemId, section } of planned.agenda) {
      const text = `Agreed with ${partner} on ${section}`;
      const owner = { kind: "member", memberId: tenant.manager.memberId };
      await change<Session>(
        manager,
        path,
        ({ agenda }) => agenda.some(({ action }) => action?.text === text),
        {
          path: `${path}/agenda/${agendaItemId}`,
          method: "PATCH",
          body: { notes: "Talked over.", action: { text, owner, dueOn: "2027-05-10" } },
        },
      );
      done.actions.push(text);
    }
    await change<Session>(manager, path, ({ status }) => status === "closed", {
      path: `${path}/close`,
      ...keyed(undefined),
    });
  }

  const planPath = (planId: string) => `/v1/development-plans/${planId}`;

  /** One action on the plan as it stands; what it brings about says whether it was done. */
  const act = (
    client: Client,
    planId: string,
    action: string,
    isDone: (plan: DevelopmentPlan) => boolean,
    body?: unknown,
  ) =>
    change<DevelopmentPlan>(client, planPath(planId), isDone, {
      path: `${planPath(planId)}/${action}`,
      ...keyed(body),
    });

  async function drafted(cycleId: string, partner: string): Promise<string> {
    const { body } = await operations.call<DevelopmentPlan>(
      `/v1/partners/${idOf(partner)}/development-plans`,
      keyed({
        cycleId,
        title: `Plan of ${partner}`,
        summary: "Coaching, then joint calls.",
        budget: BUDGET,
        activities: [
          {
            title: "Coaching",
            type: "coaching",
            metricId: "win-rate",
            target: "75",
            milestones: [{ title: "Begun", dueOn: "2027-05-15" }],
          },
        ],
      }),
    );
    return body.planId;
  }

  async function submitted(partner: string, planId: string): Promise<void> {
    await act(executiveOf(partner), planId, "accept", ({ accepted }) => accepted !== null);
    await act(operations, planId, "submit", ({ status }) => status === "submitted");
  }

  const decidedSteps = (plan: DevelopmentPlan): number =>
    plan.approval?.steps.filter(({ decision }) => decision !== null).length ?? 0;

  /** The manager presses twice; one of the two counts. */
  async function approve(planId: string): Promise<void> {
    const { etag } = await manager.call<DevelopmentPlan>(planPath(planId));
    const pressed = await Promise.all(
      [1, 2].map(() =>
        manager.send(`${planPath(planId)}/approve`, { ...keyed({}), ifMatch: etag }),
      ),
    );
    const counted = pressed.filter(({ status }) => status === 200);
    const isLost = pressed.some(({ isRepeated }) => isRepeated);
    if (counted.length > 1 || (counted.length === 0 && !isLost)) {
      throw new Error(`approvals at once: ${pressed.map(({ status }) => status).join()}`);
    }
    await act(sponsor, planId, "approve", (plan) => decidedSteps(plan) === 2, {});
  }

  async function plan(cycleId: string, partner: string, end: string): Promise<void> {
    const planId = await drafted(cycleId, partner);
    await submitted(partner, planId);
    const outcome = (more: Partial<PlanOutcome>) =>
      done.plans.set(`Plan of ${partner}`, {
        ...{ planId, status: "approved", revision: 1, milestonesDone: 0 },
        decisions: ["partner-manager approved", "executive-sponsor approved"],
        ...more,
      });
    const approveOwn = async () => {
      const { etag } = await operations.call(planPath(planId));
      return operations.send(`${planPath(planId)}/approve`, { ...keyed({}), ifMatch: etag });
    };
    await refuse(
      "an approval by who wrote it",
      untilIs(approveOwn, ({ status }) => status !== 412),
      403,
    );
    switch (end) {
      case "approved": {
        await approve(planId);
        const reached = { activity: 0, milestone: 0, doneOn: "2027-04-10" };
        const isReached = ({ activities }: DevelopmentPlan) =>
          activities.some(({ milestones }) => milestones.some(({ doneOn }) => doneOn !== null));
        await act(operations, planId, "milestones", isReached, reached);
        outcome({ milestonesDone: 1 });
        return;
      }
      case "returned": {
        const isReturned = ({ status }: DevelopmentPlan) => status === "returned";
        await act(manager, planId, "return", isReturned, { comment: "Aim for June." });
        await change<DevelopmentPlan>(
          operations,
          planPath(planId),
          ({ revision }) => revision === 2,
          { method: "PATCH", body: { summary: "Coaching by June." } },
        );
        await submitted(partner, planId);
        await approve(planId);
        outcome({ revision: 2 });
        return;
      }
      case "rejected": {
        const isRejected = ({ status }: DevelopmentPlan) => status === "rejected";
        await act(manager, planId, "reject", isRejected, { comment: "Not this year." });
        outcome({ status: "rejected", decisions: ["partner-manager rejected"] });
        return;
      }
      default:
        outcome({ status: "expired", decisions: [] });
    }
  }

  return {
    done,
    async run(): Promise<void> {
      await Promise.all(PARTNERS.map(addPartner));
      let rows = await feed([], DAYS[0]);
      await moveTo("2027-01-01T13:00:00Z");
      const opened = await cycle("2027-Q1", ({ kickedOffAt }) => kickedOffAt !== null);
      const cycleId = opened?.cycleId ?? "";
      // Once its window is over nobody is told of a review, and here a quarter takes a minute.
      await untilIs(
        async () => openingsMailed(tenant.outbox),
        (mailed) => mailed === PARTNERS.length,
        moveOn,
      );
      await Promise.all([
        (async () => {
          rows = await feed(rows, DAYS[1]);
        })(),
        ...PARTNERS.map((partner) => contribute(cycleId, partner)),
      ]);
      await moveTo("2027-04-02T13:00:00Z");
      rows = await feed(rows, DAYS[2]);
      await moveTo("2027-04-08T13:00:00Z");
      await cycle("2027-Q1", ({ status }) => status === "frozen");
      await moveTo("2027-04-10T13:00:00Z");
      const [first, second, third, fourth, fifth] = PARTNERS as [string, ...string[]];
      await Promise.all([
        ...[first, fifth].map((partner) => meet(cycleId, partner ?? "")),
        plan(cycleId, first, "approved"),
        plan(cycleId, second ?? "", "returned"),
        plan(cycleId, third ?? "", "rejected"),
        plan(cycleId, fourth ?? "", "expired"),
      ]);
      await moveTo("2027-04-30T13:00:00Z");
      await cycle("2027-Q1", ({ reviewsClosedAt }) => reviewsClosedAt !== null);
      await cycle("2027-Q2", ({ kickedOffAt }) => kickedOffAt !== null);
      const expired = done.plans.get(`Plan of ${fourth}`)?.planId ?? "";
      await untilIs(
        async () => (await operations.call<DevelopmentPlan>(planPath(expired))).body.status,
        (status) => status === "expired",
        moveOn,
      );
    },
  };
}
