/** What went wrong in terms a caller can act on; HTTP statuses are the api package's business. */
export type ErrorKind =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "contended"
  | "stale"
  | "unconditional"
  | "unprocessable"
  | "limited"
  | "quota";

/** Codes are part of the public API: add and deprecate, never rename. */
export const errorCatalog = {
  "request-invalid": { kind: "invalid", title: "The request is not valid" },
  "cursor-invalid": { kind: "invalid", title: "The cursor does not belong to this list" },
  unauthenticated: { kind: "unauthenticated", title: "A valid access token is required" },
  "permission-denied": { kind: "forbidden", title: "Your role does not permit this" },
  "route-not-found": { kind: "not-found", title: "There is nothing at this address" },
  "version-stale": { kind: "stale", title: "The object has changed since you read it" },
  "changes-contended": {
    kind: "contended",
    title: "Others kept changing the same numbers; nothing was written, send it again",
  },
  "version-required": { kind: "unconditional", title: "If-Match is required for this change" },
  "idempotency-key-reused": {
    kind: "unprocessable",
    title: "The Idempotency-Key was used with another request",
  },

  "audit-range-too-long": { kind: "unprocessable", title: "Choose a shorter range" },
  "rate-limited": { kind: "limited", title: "Too many requests; wait before you repeat it" },
  "login-limited": {
    kind: "limited",
    title: "Too many attempts; wait, or use the link that is sent by e-mail",
  },
  "login-failed": { kind: "unauthenticated", title: "Address or password is wrong" },
  "refresh-token-invalid": {
    kind: "unauthenticated",
    title: "The refresh token is not good any more; log in again",
  },
  "login-session-not-found": { kind: "not-found", title: "Login session not found" },
  "login-proves-one-tenant": {
    kind: "forbidden",
    title: "A single sign-on proves who you are to its own tenant alone",
  },
  "membership-not-found": { kind: "not-found", title: "Membership not found" },
  "login-choice-needed": { kind: "conflict", title: "Choose which membership to log in to" },
  "api-key-not-found": { kind: "not-found", title: "API key not found" },
  "api-key-revoked": { kind: "conflict", title: "The API key is revoked already" },
  "api-key-scope-not-grantable": {
    kind: "forbidden",
    title: "A key holds no more than the person who makes it",
  },
  "sso-not-found": { kind: "not-found", title: "Single sign-on is not set up" },
  "sso-exists": { kind: "conflict", title: "Single sign-on is set up already" },
  "sso-issuer-unusable": {
    kind: "unprocessable",
    title: "The issuer does not describe an identity provider that can be used",
  },
  "sso-secret-needed": {
    kind: "unprocessable",
    title: "Another issuer or client needs a client secret of its own",
  },
  "sso-unavailable": { kind: "not-found", title: "There is no single sign-on for this tenant" },
  "sso-failed": { kind: "unauthenticated", title: "Single sign-on did not succeed; begin again" },
  "sso-no-membership": {
    kind: "forbidden",
    title: "The tenant has no member of the address that the identity provider vouches for",
  },
  "sso-member-linked": {
    kind: "forbidden",
    title: "The member logs in with another user of the identity provider",
  },
  "sso-required": { kind: "forbidden", title: "The tenant's members log in by single sign-on" },
  "second-factor-needed": {
    kind: "conflict",
    title: "Go on with a code of your authenticator app, or a recovery code",
  },
  "login-challenge-invalid": {
    kind: "unauthenticated",
    title: "The log-in has expired or was completed; begin it again",
  },
  "second-factor-wrong": { kind: "unprocessable", title: "The code is wrong, or was used before" },
  "second-factor-exists": { kind: "conflict", title: "You have a second factor already" },
  "second-factor-not-begun": { kind: "conflict", title: "You have no second factor" },
  "second-factor-required": {
    kind: "forbidden",
    title: "Your organisation asks for a second factor; set it up first",
  },
  "login-link-invalid": {
    kind: "unauthenticated",
    title: "The link is not good any more; ask for a new one",
  },
  "member-last-owner": {
    kind: "conflict",
    title: "The only owner of a tenant stays until there is another, or the tenant is closed",
  },
  "password-wrong": { kind: "unprocessable", title: "The current password is wrong" },
  "password-unsuitable": { kind: "unprocessable", title: "Choose another password" },
  "tenant-not-found": { kind: "not-found", title: "Tenant not found" },
  "tenant-exists": { kind: "conflict", title: "The tenant exists already" },
  "member-not-found": { kind: "not-found", title: "Member not found" },
  "member-exists": { kind: "conflict", title: "This person is a member already" },
  "member-ended": { kind: "conflict", title: "The membership has ended" },
  "member-is-yourself": {
    kind: "forbidden",
    title: "Nobody changes their own roles or membership",
  },
  "role-not-grantable": {
    kind: "forbidden",
    title: "You may not grant or take away this role",
  },
  "partner-user-not-found": { kind: "not-found", title: "Partner user not found" },
  "partner-user-exists": {
    kind: "conflict",
    title: "This person belongs to the partner already",
  },
  "handover-to-self": {
    kind: "unprocessable",
    title: "Duties are handed over to somebody else",
  },
  "partner-user-unknown": {
    kind: "unprocessable",
    title: "Somebody is named who is no user of the partner",
  },
  "partner-user-ended": { kind: "conflict", title: "The membership has ended" },
  "moderator-needs-two": {
    kind: "forbidden",
    title: "Two people together make somebody a moderator: one proposes it, another confirms",
  },
  "moderator-proposal-not-found": { kind: "not-found", title: "Nobody has proposed this" },
  "moderator-proposal-open": { kind: "conflict", title: "The proposal is open already" },
  "moderator-proposal-ended": { kind: "conflict", title: "The proposal is not open any more" },
  "moderator-proposal-void": {
    kind: "conflict",
    title: "Who proposed this may not propose it any more",
  },
  "moderator-already": { kind: "conflict", title: "The member is a moderator" },

  "assignment-not-found": { kind: "not-found", title: "Assignment not found" },
  "assignment-not-grantable": {
    kind: "forbidden",
    title: "You may not give or take away this duty",
  },
  "assignment-holder-unknown": {
    kind: "unprocessable",
    title: "A duty is assigned to an active member, or to an active user of the partner",
  },
  "assignment-wrong-side": {
    kind: "unprocessable",
    title: "Members of the tenant alone can have this duty here",
  },
  "assignment-exists": { kind: "conflict", title: "This person has the duty already" },
  "assignments-full": {
    kind: "conflict",
    title: "No more people can have this duty here, or this person no more duties",
  },
  "assignment-step-waiting": {
    kind: "conflict",
    title: "A development plan waits for this signatory; hand its decision over first",
  },
  "duty-of-others": {
    kind: "forbidden",
    title: "Others are assigned to this duty here",
  },

  "invitation-not-found": {
    kind: "not-found",
    title: "There is no such invitation, or its link was replaced by a newer one",
  },
  "invitation-exists": {
    kind: "conflict",
    title: "An invitation of this address is open already; it can be sent again",
  },
  "invitation-accepted": { kind: "conflict", title: "The invitation has been accepted" },
  "invitation-revoked": { kind: "conflict", title: "The invitation was withdrawn" },
  "invitation-expired": { kind: "conflict", title: "The invitation has expired" },
  "invitation-void": {
    kind: "conflict",
    title: "Who sent the invitation may not grant this any more; ask for a new one",
  },
  "invitations-too-many": {
    kind: "quota",
    title: "Too many invitations are open; withdraw some or wait for answers",
  },
  "password-needed": {
    kind: "unprocessable",
    title: "You have no password yet; choose one",
  },
  "address-busy": {
    kind: "conflict",
    title: "The address was registered at the same moment; repeat the request",
  },

  "export-not-found": { kind: "not-found", title: "Export not found" },
  "export-running": { kind: "conflict", title: "An export is under way" },
  "sign-up-not-found": { kind: "not-found", title: "There is no such sign-up" },
  "sign-up-expired": { kind: "conflict", title: "The sign-up has expired; sign up again" },
  "sign-up-confirmed": { kind: "conflict", title: "The sign-up has been confirmed; log in" },
  "edition-limit-reached": { kind: "quota", title: "Your edition holds no more" },
  "edition-too-small": { kind: "quota", title: "The edition does not hold what is in use" },
  "edition-unchanged": { kind: "conflict", title: "The tenant has this edition" },
  "subscription-closed": { kind: "conflict", title: "The tenant is closed" },
  "subscription-not-closed": { kind: "conflict", title: "Only a closed tenant can be reopened" },
  "subscription-exists": { kind: "conflict", title: "The tenant has a subscription already" },
  "billing-by-hand": {
    kind: "conflict",
    title: "Nothing is paid here: the operator bills by invoice",
  },
  "edition-not-sold": {
    kind: "unprocessable",
    title: "This edition is not sold here; ask the operator",
  },
  "billing-not-begun": { kind: "conflict", title: "Subscribe first" },
  "billed-already": {
    kind: "conflict",
    title: "The payment provider bills this tenant; change or cancel that on its pages first",
  },
  "billing-signature-invalid": { kind: "invalid", title: "The signature does not match" },
  "billing-customer-differs": {
    kind: "unprocessable",
    title: "The event is not of the customer that the tenant is bound to",
  },
  "billing-event-taken": { kind: "conflict", title: "The event was taken before" },
  "invoice-not-found": { kind: "not-found", title: "Invoice not found" },
  "tenant-name-differs": {
    kind: "unprocessable",
    title: "Write the tenant's name as it is, to confirm",
  },
  "tenant-suspended": {
    kind: "forbidden",
    title: "The tenant is suspended: it can be read, and paid for, but not changed",
  },
  "tenant-closed": {
    kind: "forbidden",
    title: "The tenant is closed: its owner can export it or reopen it",
  },

  "legal-hold-not-found": { kind: "not-found", title: "Legal hold not found" },
  "legal-hold-released": { kind: "conflict", title: "The legal hold is released already" },
  "legal-hold-limit": { kind: "conflict", title: "More legal holds at once are not possible" },
  "legal-hold-in-force": {
    kind: "conflict",
    title: "A legal hold keeps it; an owner or admin can release the hold",
  },
  "confidentiality-rules-invalid": {
    kind: "unprocessable",
    title: "The rules would hide something from those who answer for it",
  },
  "playbook-invalid": { kind: "unprocessable", title: "The playbook has to be corrected" },
  "playbook-unchanged": { kind: "conflict", title: "The draft is what is published already" },
  "playbook-version-not-found": { kind: "not-found", title: "Version of the playbook not found" },
  "playbook-page-not-found": { kind: "not-found", title: "The playbook has no such page" },
  "what-if-invalid": { kind: "unprocessable", title: "This cannot be supposed of the card" },
  "targets-invalid": { kind: "unprocessable", title: "The targets do not fit the program" },
  "cadence-never-acts": {
    kind: "unprocessable",
    title: "The cadence would end before a period of that length can begin",
  },
  "cadence-not-decided": {
    kind: "not-found",
    title: "Nothing was decided of how often this partner is scored",
  },
  "target-program-missing": {
    kind: "unprocessable",
    title: "No version of the program is in effect by then",
  },
  "target-quarter-begun": { kind: "conflict", title: "The quarter has begun: its targets stand" },
  "target-proposal-missing": { kind: "conflict", title: "No targets wait to be acknowledged" },
  "target-proposal-acknowledged": {
    kind: "conflict",
    title: "Your side has acknowledged these targets",
  },
  "target-of-others": {
    kind: "forbidden",
    title: "The manager of the partner acknowledges, or whoever leads programs",
  },
  "target-acknowledged-by-same-person": {
    kind: "forbidden",
    title: "Nobody acknowledges for both sides",
  },
  "confidentiality-agreements-off": {
    kind: "conflict",
    title: "The tenant allows no agreements with single partners",
  },
  "confidentiality-agreement-empty": {
    kind: "unprocessable",
    title: "The agreement names no information",
  },
  "confidentiality-agreement-missing": {
    kind: "not-found",
    title: "There is no agreement with this partner",
  },
  "confidentiality-agreement-acknowledged": {
    kind: "conflict",
    title: "Your side has acknowledged this agreement",
  },

  "cycle-not-found": { kind: "not-found", title: "Review cycle not found" },
  "cycle-chunk-not-found": { kind: "not-found", title: "The cycle has no such chunk of partners" },
  "cycle-exists": { kind: "conflict", title: "The cycle of this period is open already" },

  "ranking-entry-not-found": {
    kind: "not-found",
    title: "The partner is not ranked in this period",
  },

  "member-unknown": {
    kind: "unprocessable",
    title: "Somebody is named who is no member of the tenant",
  },
  "partner-not-found": { kind: "not-found", title: "Partner not found" },
  "partner-name-taken": { kind: "conflict", title: "A partner of this name exists" },

  "source-not-found": { kind: "not-found", title: "Source not found" },
  "source-busy": { kind: "conflict", title: "An import of this source is under way" },
  "price-list-invalid": {
    kind: "unprocessable",
    title: "No price was changed: some rows are wrong",
  },
  "alias-target-unknown": {
    kind: "unprocessable",
    title: "The alias points to a product or partner that does not exist",
  },
  "data-quality-flag-not-found": { kind: "not-found", title: "Data-quality flag not found" },
  "data-quality-flag-not-open": { kind: "conflict", title: "Only an open flag can be waived" },
  "team-list-invalid": {
    kind: "unprocessable",
    title: "No partner was added: some rows are wrong",
  },
  "import-not-found": { kind: "not-found", title: "Import not found" },
  "figure-not-found": { kind: "not-found", title: "No program has such a figure handed in" },
  "figure-invalid": { kind: "unprocessable", title: "The figure is not what its measure takes" },
  "figures-invalid": { kind: "unprocessable", title: "Some figures cannot be taken" },
  "goal-not-found": { kind: "not-found", title: "Goal not found" },
  "goal-invalid": { kind: "unprocessable", title: "The goal cannot be as it is proposed" },
  "goal-owner-unknown": {
    kind: "unprocessable",
    title: "A goal has an owner on each side: somebody of the vendor and somebody of the partner",
  },
  "goal-objective-unknown": { kind: "unprocessable", title: "The program has no such objective" },
  "goal-nothing-proposed": {
    kind: "conflict",
    title: "Nothing of the goal waits for an agreement",
  },
  "goal-agreed-already": { kind: "conflict", title: "Your side has agreed already" },
  "goal-not-open": { kind: "conflict", title: "The goal is not agreed, or it has ended" },
  "goal-milestones-open": { kind: "conflict", title: "Milestones of the goal are not done" },
  "goal-not-overdue": { kind: "conflict", title: "A goal is missed only after its last day" },
  "goal-milestone-not-found": { kind: "not-found", title: "The goal has no such milestone" },
  "goal-of-others": {
    kind: "forbidden",
    title: "Only its owner of your side, or whoever manages goals there, does this",
  },
  "contribution-metric-unknown": {
    kind: "unprocessable",
    title: "The scorecard has no such metric",
  },
  "indicator-not-found": { kind: "not-found", title: "No program has such an indicator rated" },
  "indicator-rating-not-found": { kind: "not-found", title: "You have not rated this" },
  "indicator-rating-invalid": { kind: "unprocessable", title: "Nothing is rated in such a month" },
  "indicator-rating-retracted": { kind: "conflict", title: "The rating was taken back already" },
  "indicator-side-not-asked": { kind: "forbidden", title: "Your side does not rate this" },
  "indicator-voices-full": { kind: "conflict", title: "Thirty people have rated this month" },
  "figure-of-vendor": { kind: "forbidden", title: "The vendor hands this figure in" },
  "opportunity-not-found": { kind: "not-found", title: "Opportunity not found" },
  "opportunity-unchanged": { kind: "conflict", title: "The correction changes nothing" },
  "opportunity-correction-invalid": {
    kind: "unprocessable",
    title: "The correction is not a value of this field",
  },
  "opportunity-same-partner": { kind: "conflict", title: "The opportunity is this partner's" },
  "fact-report-not-found": { kind: "not-found", title: "Report not found" },
  "fact-report-resolved": { kind: "conflict", title: "The report has been answered" },

  "program-not-found": { kind: "not-found", title: "Program not found" },
  "program-version-not-found": { kind: "not-found", title: "Program version not found" },
  "program-not-publishable": {
    kind: "unprocessable",
    title: "The draft of the program cannot be published as it is",
  },

  "scorecard-not-found": { kind: "not-found", title: "Scorecard not found" },
  "scorecard-without-program": {
    kind: "not-found",
    title: "No published program is in effect for this period",
  },
  "scorecard-facts-changing": {
    kind: "contended",
    title: "The facts are changing at this moment; try again",
  },
  "scorecard-unchanged": {
    kind: "conflict",
    title: "No fact behind the card has changed; there is nothing to revise",
  },

  "calibration-not-found": {
    kind: "not-found",
    title: "The cycle has no calibration yet",
  },
  "calibration-too-early": {
    kind: "conflict",
    title: "A calibration begins once every card of the cycle is frozen",
  },
  "calibration-open": { kind: "conflict", title: "The calibration is open already" },
  "calibration-closed": { kind: "conflict", title: "The calibration is closed" },
  "calibration-not-rated": {
    kind: "conflict",
    title: "A card without a rating has no score to adjust",
  },
  "calibration-beyond-bound": {
    kind: "unprocessable",
    title: "The adjustment is beyond what the program allows",
  },
  "calibration-own-partner": {
    kind: "forbidden",
    title: "Nobody adjusts the score of a partner they manage",
  },

  "tier-not-found": { kind: "not-found", title: "The partner has no tier in this program yet" },
  "tier-not-recommended": { kind: "conflict", title: "Nothing is recommended now" },
  "tier-recommendation-stale": {
    kind: "conflict",
    title: "The scorecard has a newer revision; have the tier evaluated again",
  },
  "tier-too-early": { kind: "conflict", title: "The appeal window is still open" },
  "tier-disputed": { kind: "conflict", title: "The scorecard is disputed; that is decided first" },

  "dispute-not-found": { kind: "not-found", title: "Dispute not found" },
  "dispute-window-closed": {
    kind: "conflict",
    title: "The appeal window of this scorecard has ended",
  },
  "dispute-exists": { kind: "conflict", title: "This is disputed already, and not yet decided" },
  "dispute-settled": {
    kind: "conflict",
    title: "A dispute about this was decided for this revision of the scorecard",
  },
  "dispute-closed": { kind: "conflict", title: "The dispute is decided or withdrawn" },
  "dispute-subject-unknown": {
    kind: "unprocessable",
    title: "The scorecard has no such metric, or no such red flag",
  },
  "dispute-fact-unknown": {
    kind: "unprocessable",
    title: "The evidence names a fact that is not behind this scorecard",
  },
  "dispute-remedy-unfit": {
    kind: "unprocessable",
    title: "The remedy does not fit what is disputed",
  },
  "dispute-decider-involved": {
    kind: "forbidden",
    title: "Whoever had a part in the figures does not decide on a dispute about them",
  },

  "review-not-found": { kind: "not-found", title: "Review not found" },
  "contribution-window-closed": {
    kind: "conflict",
    title: "Contributions to this review have ended",
  },
  "review-closed": { kind: "conflict", title: "The review is closed" },
  "review-not-ready-to-sign": {
    kind: "conflict",
    title: "A review is signed once its scorecard is frozen and its session is closed",
  },
  "review-already-signed": { kind: "conflict", title: "Your side has signed this review" },
  "session-not-found": { kind: "not-found", title: "The review has no session yet" },
  "session-exists": { kind: "conflict", title: "The review has its session already" },
  "session-closed": { kind: "conflict", title: "The session is closed" },
  "session-incomplete": {
    kind: "unprocessable",
    title: "Every agenda item needs an action with an owner and a due date",
  },
  "agenda-item-not-found": { kind: "not-found", title: "Agenda item not found" },
  "agenda-full": { kind: "conflict", title: "The agenda holds no more items" },

  "action-item-not-found": { kind: "not-found", title: "Action item not found" },
  "action-item-ended": { kind: "conflict", title: "The action item is done or cancelled" },
  "action-owner-unknown": {
    kind: "unprocessable",
    title: "The owner is nobody of this partnership",
  },

  "plan-not-found": { kind: "not-found", title: "Development plan not found" },
  "plan-basis-missing": {
    kind: "conflict",
    title: "A development plan starts from a frozen scorecard",
  },
  "plan-metric-unknown": {
    kind: "unprocessable",
    title: "An activity names a metric that the scorecard does not have",
  },
  "plan-not-draft": { kind: "conflict", title: "Only a draft can be changed" },
  "plan-not-accepted": { kind: "conflict", title: "The partner has not accepted this draft" },
  "plan-authors-full": { kind: "conflict", title: "The plan has as many authors as it can hold" },
  "plan-not-approved": { kind: "conflict", title: "The plan is not approved" },
  "plan-not-submitted": { kind: "conflict", title: "No approval is under way" },
  "plan-not-your-turn": { kind: "conflict", title: "Another approver decides this step" },
  "plan-self-approval": {
    kind: "forbidden",
    title: "Nobody approves a plan they have written",
  },
  "plan-approver-missing": {
    kind: "conflict",
    title: "Nobody may take an approval step of this plan",
  },
  "plan-not-author": { kind: "forbidden", title: "Only somebody who wrote the plan may do this" },
  "milestone-not-found": { kind: "not-found", title: "Milestone not found" },
} as const satisfies Record<string, { kind: ErrorKind; title: string }>;

export type ErrorCode = keyof typeof errorCatalog;
