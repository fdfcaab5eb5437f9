export { type MailContent, type MailDraft, toContent } from "./mail-content.ts";
export { mailsOfEvent, mailsOfReview, type OutgoingMail } from "./mails-of-change.ts";
export type { MailClaim, NotificationStore, SentMail, SentMailRepository } from "./repository.ts";
export { securityMail } from "./security-mail.ts";
export { mailOfSignUp } from "./sign-up-mail.ts";
export { isOfPayment } from "./subscription-mail.ts";
export type { NotificationContext } from "./telling.ts";
