import type { ClosedDispute, Dispute, OpenDispute } from "../dispute/index.ts";
import type { MailDraft } from "./mail-content.ts";
import type { MailPlace } from "./review-mail.ts";

const matterOf = ({ about, metricName }: Dispute): string => {
  if (metricName === null) return "what follows from the scorecard";
  return about === "score" ? metricName : `the red flag of ${metricName}`;
};

const draft = (
  subject: string,
  { cycleId, partnerId, disputeId }: Dispute,
  { baseUrl }: Pick<MailPlace, "baseUrl">,
  paragraphs: MailDraft["paragraphs"],
): MailDraft => ({
  subject,
  paragraphs,
  link: `${baseUrl}/v1/review-cycles/${cycleId}/scorecards/${partnerId}/disputes/${disputeId}`,
});

const says: Readonly<Record<"filed" | "reminded" | "overdue", string>> = {
  filed: "For your decision",
  reminded: "Reminder",
  overdue: "Overdue",
};

/** To those who can decide. What the partner wrote may not be for each of them, and is read in its place. */
export const disputeWaits = (
  dispute: OpenDispute,
  how: keyof typeof says,
  place: MailPlace,
): MailDraft => {
  const { partnerName, period, dueOn } = dispute;
  const matter = matterOf(dispute);
  return draft(`${says[how]}: ${partnerName} disputes ${matter}`, dispute, place, [
    `${partnerName} disputes ${matter} of its scorecard of ${period}, with a reason and evidence.`,
    how === "overdue"
      ? `It should have been decided by ${dueOn}. Please decide now.`
      : `Please decide by ${dueOn}.`,
    "Whoever had a part in the figures does not decide.",
  ]);
};

/** To whoever filed it. */
export const disputeDecided = (
  dispute: Exclude<ClosedDispute, { status: "withdrawn" }>,
  place: MailPlace,
): MailDraft => {
  const { period, status } = dispute;
  const matter = matterOf(dispute);
  const outcome = status === "upheld" ? "Upheld" : "Rejected";
  return draft(`${outcome}: your dispute about ${matter}`, dispute, place, [
    `Your dispute about ${matter} of the scorecard of ${period} was ${status}.`,
    ...(status === "upheld"
      ? [`The scorecard has a new revision: ${dispute.resultingRevision}.`]
      : []),
    "What was decided, and why, is read here:",
  ]);
};
