import { rowsFor, sendMailFrom } from "../infra/access.ts";
import { mailAlarms } from "../infra/alarms.ts";
import { handlers } from "../infra/handlers.ts";
import { consumeChanges } from "../infra/queue.ts";
import { isProduction } from "../infra/stage.ts";
import type { Data } from "./data.ts";

/**
 * What people are told by mail, sent from the change feed.
 * @param baseUrl where the links in a mail lead
 * @param tokenSecret what the one-time tokens in a mail are derived from
 */
export function mailStack(
  { table, secretsKey }: Data,
  { baseUrl, tokenSecret }: { baseUrl: $util.Input<string>; tokenSecret: sst.Secret },
) {
  const sender = new sst.Secret("MailSender");
  /** A server of one's own instead of SES. */
  const smtpUrl = new sst.Secret("SmtpUrl", "");
  const identity = new sst.aws.Email("Mail", { sender: sender.value });
  if (isProduction()) mailAlarms();
  const rows = rowsFor("SendMail", table);
  // SES takes so many mails a second: more at once would only be refused.
  const sendMail = consumeChanges("SendMail", 5, {
    handler: handlers.sendMail,
    description: "Sends the mails that a change calls for",
    secretsKey,
    environment: {
      ...rows.environment,
      MAIL_SENDER: sender.value,
      BASE_URL: baseUrl,
      TOKEN_SECRET: tokenSecret.value,
      SMTP_URL: smtpUrl.value,
    },
    permissions: [...rows.permissions, sendMailFrom(identity)],
  });
  return {
    changes: sendMail.queue,
    functions: { SendMail: sendMail.functionName },
    queues: { SendMail: sendMail.queue.nodes.queue.name },
  };
}
