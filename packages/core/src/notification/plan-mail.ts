import type { DevelopmentPlan, WaitingPlan } from "../development-plan/index.ts";
import type { MailDraft } from "./mail-content.ts";
import type { MailPlace } from "./review-mail.ts";
import { instantInWords, moneyInWords } from "./wording.ts";

/** A plan as a mail names it. */
export interface PlanSubject {
  readonly plan: Pick<DevelopmentPlan, "planId" | "title"> & {
    /** Null where it is not for everybody who gets the mail. */
    readonly budget: DevelopmentPlan["budget"] | null;
  };
  readonly partnerName: string;
}

const inWords = ({ plan, partnerName }: PlanSubject): string =>
  `the development plan "${plan.title}" of ${partnerName}` +
  (plan.budget === null ? "" : ` (budget ${moneyInWords(plan.budget)})`);

const draft = (
  subject: string,
  { plan: { planId } }: PlanSubject,
  { baseUrl }: MailPlace,
  paragraphs: MailDraft["paragraphs"],
): MailDraft => ({
  subject,
  paragraphs,
  link: `${baseUrl}/v1/development-plans/${planId}`,
});

const decideUntil = ({ dueAt }: WaitingPlan, { timeZone }: MailPlace): string =>
  `Approve, return or reject it until ${instantInWords(dueAt, timeZone)}; undecided it expires.`;

export const stepOpened = (of: PlanSubject, waiting: WaitingPlan, place: MailPlace): MailDraft =>
  draft(`For your decision: ${of.plan.title}`, of, place, [
    `Step ${waiting.stepNumber} of the approval waits for you: ${inWords(of)}.`,
    decideUntil(waiting, place),
  ]);

export const approverReminded = (
  of: PlanSubject,
  waiting: WaitingPlan,
  place: MailPlace,
): MailDraft =>
  draft(`Reminder: ${of.plan.title} waits for your decision`, of, place, [
    `Step ${waiting.stepNumber} of the approval still waits for you: ${inWords(of)}.`,
    decideUntil(waiting, place),
  ]);

/** @param names the approver's, and the substitute's where there is one */
export const stepEscalated = (
  of: PlanSubject,
  waiting: WaitingPlan,
  names: { readonly approver: string; readonly substitute: string | null },
  place: MailPlace,
): MailDraft =>
  draft(`Escalated: ${of.plan.title}`, of, place, [
    `Step ${waiting.stepNumber} of the approval was not decided in time: ${inWords(of)}.`,
    names.substitute === null
      ? `${names.approver} is the only one who can decide it.`
      : `${names.substitute} can decide it as well as ${names.approver} from now on; the first decision counts.`,
    decideUntil(waiting, place),
  ]);

export type PlanOutcome = "approved" | "returned" | "rejected" | "expired";

const outcomes: Readonly<Record<PlanOutcome, { subject: string; says: string }>> = {
  approved: { subject: "Approved", says: "is approved by everybody who had to" },
  returned: { subject: "Returned", says: "was returned: change it and submit it again" },
  rejected: { subject: "Rejected", says: "was rejected" },
  expired: { subject: "Expired", says: "expired, because a step of its approval was not decided" },
};

/** To authors and partner. */
export const planDecided = (
  of: PlanSubject,
  outcome: PlanOutcome,
  decision: { readonly by: string | null; readonly comment: string | null },
  place: MailPlace,
): MailDraft => {
  const { subject, says } = outcomes[outcome];
  return draft(`${subject}: ${of.plan.title}`, of, place, [
    `This is about ${inWords(of)}. It ${says}.`,
    ...(decision.comment === null
      ? []
      : [`${decision.by ?? "The approver"} wrote:`, decision.comment]),
  ]);
};
