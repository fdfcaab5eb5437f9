export { closeReviewWindow } from "./close-review-window.ts";
export { getReview, getSession, listContributions, listReviews, readReview } from "./get-review.ts";
export { addAgendaItem, closeSession, planSession, updateAgendaItem } from "./hold-session.ts";
export { postContribution } from "./post-contribution.ts";
export type {
  ContributionRepository,
  FrozenScorecards,
  ReviewKey,
  ReviewRepository,
  ReviewStore,
  SessionRepository,
} from "./repository.ts";
export { asOpened, openReview } from "./review.ts";
export { listOwnReviewWork, type ReviewWork } from "./review-work.ts";
export {
  AddAgendaItem,
  AgendaItem,
  Contribution,
  ContributionsQuery,
  CreateContribution,
  PlanSession,
  Review,
  ReviewWithPlaybook,
  Session,
  SessionWithPlaybook,
  SignReview,
  UpdateAgendaItem,
} from "./schema.ts";
export { signReview } from "./sign-review.ts";
