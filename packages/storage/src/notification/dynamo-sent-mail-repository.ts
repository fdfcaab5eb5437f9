import type { SentMail, SentMailRepository } from "@concord/core/notification";
import { z } from "zod";
import type { TenantTable } from "../aggregate.ts";
import { isNew } from "../condition.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";

const sentMailEntity = (keys: TenantKeys): Entity<SentMail> => ({
  name: "SentMail",
  schema: z.object({
    mailId: z.string(),
    sentAt: z.iso.datetime(),
    expiresAt: z.number().int(),
  }),
  schemaVersion: 1,
  key: ({ mailId }) => keys.sentMail(mailId),
  expiresAt: ({ expiresAt }) => expiresAt,
});

export function dynamoSentMailRepository({ table, keys }: TenantTable): SentMailRepository {
  const mails = sentMailEntity(keys);
  return {
    /** AP-145 */
    has: async (mailId) => (await table.get(keys.sentMail(mailId))) !== undefined,

    /** AP-146 */
    async add(mail) {
      await table.put(toItem(mails, mail), isNew);
    },
  };
}
