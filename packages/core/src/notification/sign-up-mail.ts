import { requirePermission } from "../actor/index.ts";
import { isTokenOf } from "../one-time-token/index.ts";
import { mailedToken, type SignUp } from "../sign-up/index.ts";
import { toContent } from "./mail-content.ts";
import type { OutgoingMail } from "./mails-of-change.ts";
import type { NotificationContext } from "./telling.ts";
import { instantInWords } from "./wording.ts";

/**
 * To whoever signed up, whether we know the address or not, with the token made again from the secret.
 * @throws DomainError permission-denied
 */
export function mailOfSignUp(
  ctx: Pick<NotificationContext, "actor" | "tokenSecret">,
  { tenantId, email, displayName, tenant, tokenHash, expiresAt }: SignUp,
  baseUrl: string,
): OutgoingMail {
  requirePermission(ctx.actor, "notification:send");
  const mailed = mailedToken(ctx.tokenSecret, tenantId);
  const [, token = ""] = mailed.split(".");
  if (!isTokenOf(tokenHash, token))
    throw new Error("the token secret is not the one that signed up");
  const until = instantInWords(new Date(expiresAt * 1000).toISOString(), tenant.timeZone);
  const draft = {
    subject: "Confirm your sign-up to Concord",
    paragraphs: [
      "Somebody signed an organisation up to Concord with this address.",
      "To confirm it, send this token with a password; if you have a password already, it stays yours:",
      mailed,
      `It is good once, until ${until}. If it was not you, do nothing: without the token nothing is made.`,
    ],
    link: `${baseUrl.replace(/\/+$/, "")}/docs#confirmSignUp`,
  };
  return { mailId: `sign-up-${tenantId}`, to: email, ...toContent(draft, displayName, "Concord") };
}
