import { SESv2Client } from "@aws-sdk/client-sesv2";
import { tenantIdOf } from "@concord/storage";
import { z } from "zod";
import { fromQueue } from "../change-feed/from-queue.ts";
import { log, openDeployment } from "../entry-point.ts";
import { sendAccountMail } from "./send-account-mail.ts";
import { sendMail } from "./send-mail.ts";
import { sesTransport } from "./ses-transport.ts";
import { SmtpUrl, smtpTransport } from "./smtp-transport.ts";

const MIN_SECRET_LENGTH = 32;
/** Twice what the function may run, and less than a message that failed waits until it comes again. */
const LEASE_MS = 60_000;

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    MAIL_SENDER: z.email(),
    MAIL_SENDER_NAME: z.string().min(1).default("Concord"),
    /** A server of one's own instead of SES; empty for SES. */
    SMTP_URL: SmtpUrl.or(z.literal("")).default(""),
    BASE_URL: z.url(),
    TOKEN_SECRET: z.string().min(MIN_SECRET_LENGTH),
  })
  .parse(process.env);

const { contextOf, system } = openDeployment(env.TABLE_NAME);
const sending = {
  from: { name: env.MAIL_SENDER_NAME, address: env.MAIL_SENDER },
  now: () => new Date(),
};
const both = {
  transport: env.SMTP_URL
    ? smtpTransport(env.SMTP_URL, sending)
    : sesTransport(new SESv2Client({}), sending),
  tokenSecret: new TextEncoder().encode(env.TOKEN_SECRET),
  baseUrl: env.BASE_URL,
  log,
};
const ofTenants = {
  ...both,
  contextOf: contextOf("stream"),
  tenantOf: tenantIdOf,
  wallNow: Date.now,
  leaseMs: LEASE_MS,
};
const ofAccounts = { ...both, people: system.people, wallNow: () => new Date() };

const consume = async (batch: unknown) => {
  const answers = [await sendMail(ofTenants, batch), await sendAccountMail(ofAccounts, batch)];
  return { batchItemFailures: answers.flatMap(({ batchItemFailures }) => batchItemFailures) };
};

export const handler = (delivery: unknown) => fromQueue({ log, consume }, delivery);
