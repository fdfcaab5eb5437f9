import { type SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { composeMail, type MailTransport, type Sender } from "./compose-mail.ts";

/** Sends through SES as a raw message. SES knows no id of ours: the caller remembers what has gone out. */
export const sesTransport = (
  client: SESv2Client,
  { from, now }: { readonly from: Sender; readonly now: () => Date },
): MailTransport => ({
  async send(mail) {
    const Data = await composeMail(mail, from, now());
    await client.send(
      new SendEmailCommand({
        FromEmailAddress: from.address,
        Destination: { ToAddresses: [mail.to] },
        Content: { Raw: { Data } },
      }),
    );
  },
});
