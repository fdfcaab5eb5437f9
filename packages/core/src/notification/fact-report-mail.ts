import type { FactReport } from "../opportunity/index.ts";
import type { MailDraft } from "./mail-content.ts";
import type { MailPlace } from "./review-mail.ts";

/** To the data steward: what a partner says of the facts behind its numbers. */
export const factReported = (
  report: FactReport,
  partnerName: string,
  { baseUrl }: Pick<MailPlace, "baseUrl">,
): MailDraft => ({
  subject: `${partnerName} reports a ${report.kind} fact`,
  paragraphs: [
    report.opportunityId === null
      ? `${partnerName} says that a fact is missing:`
      : `${partnerName} says that the fact ${report.opportunityId} is wrong:`,
    report.text,
    "Please check it and answer the report.",
  ],
  link: `${baseUrl}/v1/partners/${report.partnerId}/fact-reports`,
});
