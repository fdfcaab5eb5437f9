import type { SecurityEvent, SecurityEventKind } from "../security-event/index.ts";
import type { MailDraft } from "./mail-content.ts";

/** What of it a person is told by mail, in case it was not them. */
const told: Partial<
  Record<SecurityEventKind, { readonly subject: string; readonly what: string }>
> = {
  "second-factor-added": {
    subject: "A second factor was added to your Concord log-in",
    what: "An authenticator app was added: log-ins by password and by link ask for its codes from now on.",
  },
  "second-factor-removed": {
    subject: "The second factor of your Concord log-in was removed",
    what: "The authenticator app was removed: your password or mailbox alone opens your account again.",
  },
  "password-changed": {
    subject: "Your Concord password was changed",
    what: "Your password was changed, and your other log-ins have ended.",
  },
};

/** Undefined where nobody is told of it by mail. */
export function securityMail(
  { kind, at, client }: Pick<SecurityEvent, "at" | "client" | "kind">,
  baseUrl: string,
): MailDraft | undefined {
  const one = told[kind];
  if (!one) return undefined;
  const by = client === "" ? "" : ` by ${client}`;
  return {
    subject: one.subject,
    paragraphs: [
      `${one.what} That was at ${at}${by}.`,
      "If it was you, there is nothing to do.",
      "If it was not you, ask for a log-in link, set a new password with it, and look at what happened.",
    ],
    link: `${baseUrl}/docs#listOwnSecurityEvents`,
  };
}
