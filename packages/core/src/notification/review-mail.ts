import type { TenantId } from "../id/index.ts";
import { metricsInWords, type PublishedProgram } from "../program/index.ts";
import type { Review } from "../review/index.ts";
import type { MailDraft } from "./mail-content.ts";
import { instantInWords } from "./wording.ts";

/** What a mail needs to know of where it comes from. */
export interface MailPlace {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly timeZone: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
}

/** To the partner: what is measured, until when, where. */
export const reviewOpened = (
  review: Review,
  program: PublishedProgram,
  { tenantName, timeZone, baseUrl }: MailPlace,
): MailDraft => ({
  subject: `The review of ${review.period} is open: ${review.partnerName}`,
  paragraphs: [
    `${tenantName} has opened the review of ${review.period} with ${review.partnerName}.`,
    `This is measured (${program.definition.name}, version ${program.version}):`,
    metricsInWords(program, review.segment?.segmentId),
    "Until when:",
    [
      `Data counts until ${instantInWords(review.freezesAt, timeZone)}; the scorecard is frozen then.`,
      `Both sides can sign until ${instantInWords(review.closesAt, timeZone)}.`,
    ],
    "Post your wins, lessons and needs before the session here:",
  ],
  link: `${baseUrl}/v1/review-cycles/${review.cycleId}/reviews/${review.partnerId}`,
});
