import { z } from "zod";
import type { ActorRef } from "../actor/index.ts";
import { isForEverybody } from "../confidentiality/index.ts";
import { type WaitingPlan, waitingOf } from "../development-plan/index.ts";
import { raise } from "../error/index.ts";
import type { StoredEvent } from "../event/index.ts";
import { PlanId } from "../id/index.ts";
import {
  approverReminded,
  type PlanOutcome,
  type PlanSubject,
  planDecided,
  stepEscalated,
  stepOpened,
} from "./plan-mail.ts";
import { distinct, memberOf, peopleOf, personOf } from "./recipients.ts";
import type { MailPlace } from "./review-mail.ts";
import type { NotificationContext, Telling } from "./telling.ts";

const Step = z.looseObject({
  revision: z.number().int(),
  stepNumber: z.number().int(),
  comment: z.string().nullable().default(null),
  /** Who takes a decision over. */
  toId: z.string().optional(),
});

/** @throws DomainError plan-not-found */
export async function mailsOfPlanEvent(
  ctx: NotificationContext,
  event: StoredEvent,
  place: MailPlace,
): Promise<readonly Telling[]> {
  const planId = PlanId.parse(event.aggregate.id);
  const plan = (await ctx.store.developmentPlans.get(planId)) ?? raise("plan-not-found");
  const partner = await ctx.store.partners.get(plan.partnerId);
  const of = { plan, partnerName: partner?.name ?? "the partner" };
  const { revision, stepNumber, comment, toId } = Step.parse(event.data);
  const waitingAt = (step: number): WaitingPlan[] =>
    waitingOf(plan).filter((row) => row.revision === revision && row.stepNumber === step);
  const decided = (outcome: PlanOutcome) =>
    toAuthorsAndPartner(ctx, { of, plan, outcome, comment, by: event.by }, place);

  switch (event.type) {
    case "development-plan.submitted":
      return toApprover(ctx, of, waitingAt(1), { kind: "step-opened", draft: stepOpened }, place);
    case "development-plan.step-approved":
      return toApprover(
        ctx,
        of,
        waitingAt(stepNumber + 1),
        { kind: "step-opened", draft: stepOpened },
        place,
      );
    case "development-plan.approver-reminded":
      return toApprover(
        ctx,
        of,
        waitingAt(stepNumber),
        { kind: "approver-reminded", draft: approverReminded },
        place,
      );
    case "development-plan.step-escalated":
      return toBoth(ctx, of, waitingAt(stepNumber), place);
    case "development-plan.step-reassigned":
      return toReceiver(
        ctx,
        of,
        waitingAt(stepNumber).filter(({ memberId }) => memberId === toId),
        place,
      );
    case "development-plan.approved":
      return decided("approved");
    case "development-plan.returned":
      return decided("returned");
    case "development-plan.rejected":
      return decided("rejected");
    case "development-plan.expired":
      return decided("expired");
    default:
      return [];
  }
}

async function toApprover(
  ctx: NotificationContext,
  of: PlanSubject,
  waiting: readonly WaitingPlan[],
  mail: { readonly kind: string; readonly draft: typeof stepOpened },
  place: MailPlace,
): Promise<Telling[]> {
  const row = waiting.find(({ isEscalated }) => !isEscalated);
  if (!row) return [];
  const to = await memberOf(ctx, row.memberId);
  return [{ kind: mail.kind, draft: mail.draft(of, row, place), to }];
}

const toReceiver = (
  ctx: NotificationContext,
  of: PlanSubject,
  waiting: readonly WaitingPlan[],
  place: MailPlace,
): Promise<Telling[]> =>
  Promise.all(
    waiting.map(async (row) => ({
      kind: "step-reassigned",
      draft: stepOpened(of, row, place),
      to: await memberOf(ctx, row.memberId),
    })),
  );

async function toBoth(
  ctx: NotificationContext,
  of: PlanSubject,
  waiting: readonly WaitingPlan[],
  place: MailPlace,
): Promise<Telling[]> {
  const [row, substitute] = waiting.toSorted(
    (one, other) => Number(one.isEscalated) - Number(other.isEscalated),
  );
  if (!row) return [];
  const approvers = await memberOf(ctx, row.memberId);
  const substitutes = substitute ? await memberOf(ctx, substitute.memberId) : [];
  const names = {
    approver: approvers[0]?.displayName ?? "the approver",
    substitute: substitutes[0]?.displayName ?? null,
  };
  const draft = stepEscalated(of, row, names, place);
  return [{ kind: "step-escalated", draft, to: [...approvers, ...substitutes] }];
}

async function toAuthorsAndPartner(
  ctx: NotificationContext,
  decision: {
    readonly of: PlanSubject;
    readonly plan: {
      readonly authors: readonly ActorRef[];
      readonly partnerId: WaitingPlan["partnerId"];
    };
    readonly outcome: PlanOutcome;
    readonly comment: string | null;
    readonly by: ActorRef;
  },
  place: MailPlace,
): Promise<Telling[]> {
  const { of, plan, outcome } = decision;
  const [inForce, authors, people, deciders] = await Promise.all([
    ctx.store.confidentiality.inForce(ctx.now),
    Promise.all(plan.authors.map((author) => personOf(ctx, author))),
    peopleOf(ctx, plan.partnerId),
    personOf(ctx, decision.by),
  ]);
  const by = deciders[0]?.displayName ?? null;
  // A mail is out of our hands: what is not for everybody of both sides stays behind its link.
  const isOpen = (field: "budget" | "comments") =>
    isForEverybody(inForce, plan.partnerId, `development-plan.${field}`);
  const comment = isOpen("comments") ? decision.comment : null;
  const told = { ...of, plan: { ...of.plan, budget: isOpen("budget") ? of.plan.budget : null } };
  const draft = planDecided(told, outcome, { by, comment }, place);
  return [{ kind: `plan-${outcome}`, draft, to: distinct([...authors.flat(), ...people]) }];
}
