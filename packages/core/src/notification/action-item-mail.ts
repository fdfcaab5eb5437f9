import type { ActionItem } from "../action-item/index.ts";
import type { MailDraft } from "./mail-content.ts";
import type { MailPlace } from "./review-mail.ts";

/** To the owner of a new commitment, or of one that was taken over into the next cycle. */
export const actionItemGiven = (
  item: ActionItem,
  how: "created" | "carried-over",
  partnerName: string,
  { baseUrl }: Pick<MailPlace, "baseUrl">,
): MailDraft => ({
  subject: `${how === "created" ? "Yours to do" : "Carried over"} until ${item.dueOn}: ${item.text}`,
  paragraphs: [
    how === "created"
      ? `In the partnership with ${partnerName} this is yours to do until ${item.dueOn}:`
      : `In the partnership with ${partnerName} this was not finished and is carried over until ${item.dueOn}:`,
    item.text,
  ],
  link: `${baseUrl}/v1/action-items/${item.actionItemId}`,
});
