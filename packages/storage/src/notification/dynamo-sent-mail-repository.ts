import type { SentMailRepository } from "@concord/core/notification";
import { z } from "zod";
import type { TenantTable } from "../aggregate.ts";
import { always, type Condition } from "../dynamo-table/condition.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";

const MailRow = z.object({
  mailId: z.string(),
  /** Null until it has gone out. */
  sentAt: z.iso.datetime().nullable(),
  /** Milliseconds of the wall clock; left out once it has gone out. */
  leaseUntilMs: z.number().int().optional(),
  expiresAt: z.number().int(),
});
type MailRow = z.infer<typeof MailRow>;

const mailEntity = (keys: TenantKeys): Entity<MailRow> => ({
  name: "SentMail",
  schema: MailRow,
  schemaVersion: 1,
  key: ({ mailId }) => keys.sentMail(mailId),
  expiresAt: ({ expiresAt }) => expiresAt,
});

/** Nobody has it, or whoever had it is gone without having sent it. */
const isFree = (nowMs: number): Condition => ({
  expression: "attribute_not_exists(#pk) OR #leaseUntilMs <= :now",
  names: { "#pk": "pk", "#leaseUntilMs": "leaseUntilMs" },
  values: { ":now": nowMs },
});

export function dynamoSentMailRepository({ table, keys }: TenantTable): SentMailRepository {
  const mails = mailEntity(keys);
  return {
    /** AP-145 */
    async claim({ mailId, nowMs, leaseMs, expiresAt }) {
      const row = { mailId, sentAt: null, leaseUntilMs: nowMs + leaseMs, expiresAt };
      if (await table.put(toItem(mails, row), isFree(nowMs))) return "claimed";
      const found = await table.get(keys.sentMail(mailId), { consistent: true });
      return found?.["sentAt"] == null ? "under-way" : "sent";
    },

    /** AP-146 */
    async mark(mail) {
      await table.put(toItem(mails, mail), always);
    },
  };
}
