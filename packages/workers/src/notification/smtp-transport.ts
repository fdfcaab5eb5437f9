import { createTransport } from "nodemailer";
import { z } from "zod";
import { composeMail, type MailTransport, type Sender } from "./compose-mail.ts";

/** `smtp://` or `smtps://` with host, port and, where the server asks for them, user and password. */
export const SmtpUrl = z
  .url({ protocol: /^smtps?$/ })
  .refine((text) => URL.canParse(text) && new URL(text).hostname !== "", "must name a host");

const TIMEOUT_MS = 10_000;

/**
 * Sends through an SMTP server (RFC 5321). A password never leaves in the clear: with one, a server that
 * offers no encryption is refused. SMTP knows no id of ours: the caller remembers what has gone out.
 * @param url as `SmtpUrl`
 */
export function smtpTransport(
  url: string,
  { from, now }: { readonly from: Sender; readonly now: () => Date },
): MailTransport {
  const { protocol, hostname, port, username, password } = new URL(SmtpUrl.parse(url));
  const isSecure = protocol === "smtps:";
  const server = createTransport({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port) || (isSecure ? 465 : 587),
    secure: isSecure,
    requireTLS: !isSecure && username !== "",
    ...(username === ""
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      const raw = await composeMail(mail, from, now());
      await server.sendMail({ envelope: { from: from.address, to: [mail.to] }, raw });
    },
  };
}
