import MailComposer from "nodemailer/lib/mail-composer";
import { z } from "zod";

const HeaderText = z
  .string()
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, "must not contain line breaks or control characters");

/** One message to one person. `mailId` names it for ever: sending it again sends nothing. */
export const Mail = z.object({
  mailId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, "must be letters, digits, - or _"),
  to: z.email(),
  subject: HeaderText.min(1).max(200),
  text: z.string().min(1),
  html: z.string().min(1).optional(),
});
export type Mail = z.infer<typeof Mail>;

/** Delivers at most one message per `mailId`, however often it is called. */
export interface MailTransport {
  send(mail: Mail): Promise<void>;
}

export interface Sender {
  readonly name: string;
  readonly address: string;
}

/**
 * The message as it goes over the wire (RFC 5322 with MIME, CRLF).
 * @throws ZodError where a value could not be a header or an address.
 */
export async function composeMail(mail: Mail, from: Sender, sentAt: Date): Promise<Buffer> {
  const { mailId, to, subject, text, html } = Mail.parse(mail);
  const sender = { name: HeaderText.parse(from.name), address: z.email().parse(from.address) };
  const message = new MailComposer({
    from: sender,
    to: { name: "", address: to },
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    date: sentAt,
    messageId: `<${mailId}@${sender.address.split("@")[1]}>`,
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: "\r\n",
  });
  return await message.compile().build();
}
