import type { MailDraft } from "../notification/index.ts";

/** To the person themselves; says no more than whoever has the mailbox may know. */
export const loginLinkMail = (mailed: string, baseUrl: string): MailDraft => ({
  subject: "Your link to log in to Concord",
  paragraphs: [
    "Somebody, most likely you, asked to log in to Concord with this address.",
    "To log in, send this token; with a password beside it, that becomes your new password:",
    mailed,
    "It is good once, within 15 minutes, and for you alone: do not pass it on.",
    "If it was not you, do nothing: without this mail nobody gets in.",
  ],
  link: `${baseUrl}/docs#redeemLoginLink`,
});
