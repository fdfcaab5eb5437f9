import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { mintIds } from "@concord/core/id";
import { connectTable, openTenantStore, tenantIdOf } from "@concord/storage";
import { z } from "zod";
import { sendMail } from "./send-mail.ts";
import { sesTransport } from "./ses-transport.ts";

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    MAIL_SENDER: z.email(),
    MAIL_SENDER_NAME: z.string().min(1).default("Concord"),
    BASE_URL: z.url(),
  })
  .parse(process.env);

const table = connectTable(new DynamoDBClient({}), {
  name: env.TABLE_NAME,
  sleep,
  random: Math.random,
});
const transport = sesTransport(new SESv2Client({}), {
  from: { name: env.MAIL_SENDER_NAME, address: env.MAIL_SENDER },
  now: () => new Date(),
});

export const handler = (batch: unknown) =>
  sendMail(
    {
      contextOf: (tenantId) => ({
        actor: { kind: "system", name: "stream" },
        store: openTenantStore(table, tenantId),
        now: new Date(),
        mint: mintIds(Date.now, Math.random),
      }),
      tenantOf: tenantIdOf,
      transport,
      baseUrl: env.BASE_URL,
      log: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
    },
    batch,
  );
