import { ActionItemId, CycleId, MemberId, PartnerId, PlanId } from "@concord/core/id";
import {
  AT,
  type Exercise,
  event,
  exercise,
  FIRST_PAGE,
  idOf,
  LATER,
  type Stores,
} from "./access-patterns.ts";
import { newMember } from "./people-values.ts";
import {
  actionItem,
  approvedPlan,
  closedSession,
  contribution,
  draftPlan,
  plannedSession,
  review,
  reviewKey,
  stepToken,
  submittedPlan,
} from "./review-values.ts";
import { frozen } from "./scoring-values.ts";

const openReview = ({ tenant: { reviews } }: Stores) => reviews.open(review());
const contribute = ({ tenant: { contributions } }: Stores) =>
  contributions.save(contribution(), event("contribution.posted"));
const plan = ({ tenant: { sessions } }: Stores) =>
  sessions.save(plannedSession(), event("session.planned"));
const addItem = ({ tenant: { actionItems } }: Stores) =>
  actionItems.save(actionItem(), event("action-item.created"));
const draft = ({ tenant: { developmentPlans } }: Stores) =>
  developmentPlans.save(draftPlan(), event("development-plan.created"));
const submit = async (stores: Stores) => {
  await draft(stores);
  await stores.tenant.developmentPlans.save(
    submittedPlan(2),
    event("development-plan.submitted"),
    draftPlan(),
  );
};
const keepToken = ({ tenant: { stepTokens } }: Stores) => stepTokens.put(stepToken());
const sentMail = { mailId: "mail-1", sentAt: AT, expiresAt: LATER };
const mailClaimed = ({ tenant: { sentMails } }: Stores) =>
  sentMails.claim({ mailId: "mail-1", nowMs: Date.parse(AT), leaseMs: 60_000, expiresAt: LATER });
const mailSent = ({ tenant: { sentMails } }: Stores) => sentMails.mark(sentMail);
const nothing = async () => undefined;

export const reviewExercises: readonly Exercise[] = [
  exercise("AP-110", openReview, ({ tenant: { reviews } }) => reviews.get(reviewKey)),
  exercise("AP-111", openReview, ({ tenant: { reviews } }) =>
    reviews.ofCycle(idOf(CycleId), FIRST_PAGE),
  ),
  exercise("AP-112", openReview, ({ tenant: { reviews } }) =>
    reviews.ofPartner(idOf(PartnerId), [idOf(CycleId)]),
  ),
  exercise("AP-446", openReview, ({ tenant: { reviews } }) => reviews.getMany([reviewKey])),
  exercise("AP-389", openReview, ({ tenant: { reviews } }) => reviews.openingDigests([reviewKey])),
  exercise("AP-447", plan, ({ tenant: { sessions } }) => sessions.getMany([reviewKey])),
  exercise("AP-113", nothing, openReview),
  exercise("AP-114", openReview, ({ tenant: { reviews } }) =>
    reviews.save(review(2), event("review.signed")),
  ),
  exercise("AP-115", contribute, ({ tenant: { contributions } }) =>
    contributions.ofReview(reviewKey, FIRST_PAGE),
  ),
  exercise("AP-116", nothing, contribute),
  exercise("AP-117", plan, ({ tenant: { sessions } }) => sessions.get(reviewKey)),
  exercise("AP-118", nothing, plan),
  exercise("AP-119", plan, ({ tenant: { sessions } }) =>
    sessions.close(closedSession(2), event("session.closed"), [
      { next: actionItem(), event: event("action-item.created") },
    ]),
  ),

  exercise("AP-120", addItem, ({ tenant: { actionItems } }) => actionItems.get(idOf(ActionItemId))),
  exercise("AP-121", addItem, ({ tenant: { actionItems } }) =>
    actionItems.ofPartner(idOf(PartnerId), FIRST_PAGE),
  ),
  exercise("AP-122", addItem, ({ tenant: { actionItems } }) =>
    actionItems.workOf({ kind: "member", memberId: idOf(MemberId) }, FIRST_PAGE),
  ),
  exercise("AP-123", nothing, addItem),
  exercise(
    "AP-124",
    ({ tenant: { members } }) => members.add(newMember()),
    ({ tenant: { partnershipPeople } }) =>
      partnershipPeople.isOfPartnership(
        { kind: "member", memberId: idOf(MemberId) },
        idOf(PartnerId),
      ),
  ),

  exercise("AP-130", draft, ({ tenant: { developmentPlans } }) =>
    developmentPlans.get(idOf(PlanId)),
  ),
  exercise("AP-131", draft, ({ tenant: { developmentPlans } }) =>
    developmentPlans.ofPartner(idOf(PartnerId), FIRST_PAGE),
  ),
  exercise("AP-132", submit, ({ tenant: { developmentPlans } }) =>
    developmentPlans.waitingFor(idOf(MemberId), FIRST_PAGE),
  ),
  exercise("AP-133", submit, ({ tenant: { developmentPlans } }) =>
    developmentPlans.waiting(FIRST_PAGE),
  ),
  exercise("AP-134", nothing, draft),
  exercise("AP-135", draft, ({ tenant: { developmentPlans } }) =>
    developmentPlans.save(submittedPlan(2), event("development-plan.submitted"), draftPlan()),
  ),
  exercise("AP-136", submit, ({ tenant: { developmentPlans } }) =>
    developmentPlans.save(
      submittedPlan(3, { approver: 2 }),
      event("development-plan.step-approved"),
      submittedPlan(2),
    ),
  ),
  exercise("AP-137", submit, ({ tenant: { developmentPlans } }) =>
    developmentPlans.save(
      submittedPlan(3, { escalatedTo: 2 }),
      event("development-plan.step-escalated"),
      submittedPlan(2),
    ),
  ),
  exercise("AP-138", submit, ({ tenant: { developmentPlans } }) =>
    developmentPlans.save(approvedPlan(3), event("development-plan.approved"), submittedPlan(2)),
  ),
  exercise("AP-139", nothing, keepToken),
  exercise("AP-140", keepToken, ({ tenant: { stepTokens } }) =>
    stepTokens.ofStep(idOf(PlanId), { revision: 1, stepNumber: 1 }),
  ),
  exercise(
    "AP-141",
    ({ tenant: { members } }) => members.add(newMember()),
    ({ tenant: { approvers } }) => approvers.candidates([]),
  ),
  exercise(
    "AP-142",
    ({ tenant: { scorecards } }) => scorecards.save(frozen().card, event("scorecard.frozen")),
    ({ tenant: { planBases } }) => planBases.of(reviewKey),
  ),

  exercise("AP-145", nothing, mailClaimed),
  exercise("AP-146", mailClaimed, mailSent),
];
