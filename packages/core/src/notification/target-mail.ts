import { z } from "zod";
import { actorIdOf } from "../actor/index.ts";
import { Quarter } from "../calendar/index.ts";
import { everyItem } from "../context/index.ts";
import { PartnerId, ProgramId } from "../id/index.ts";
import { distinct, memberOf, type Recipient } from "./recipients.ts";
import type { NotificationContext, Teller } from "./telling.ts";

const Told = z.object({
  partnerId: PartnerId,
  programId: ProgramId,
  from: Quarter,
  number: z.number().int(),
});

async function executivesOf(ctx: NotificationContext, partnerId: PartnerId): Promise<Recipient[]> {
  const found: Recipient[] = [];
  const people = everyItem((page) => ctx.store.partnerUsers.listOf(partnerId, page));
  for await (const user of people) {
    const isExecutive = user.status === "active" && user.roles.includes("partner-exec");
    if (isExecutive) found.push({ ...user, id: user.partnerUserId });
  }
  return found;
}

/** Those who can acknowledge, while nobody of them has. What is proposed is read in its place. */
export const tellAcknowledgers: Teller = async (ctx, event, { tenantName, baseUrl }) => {
  const { partnerId, programId, from, number } = Told.parse(event.data);
  const set = await ctx.store.targets.get({ partnerId, programId, from });
  const partner = await ctx.store.partners.get(partnerId);
  if (set?.proposal?.number !== number || !partner) return [];
  const { partnerManagerId: manager } = partner;
  const isProposer = manager !== null && manager === actorIdOf(event.by);
  const ofVendor = manager === null || isProposer ? [] : await memberOf(ctx, manager);
  const draft = {
    subject: `To acknowledge: the targets of ${partner.name} for ${from}`,
    paragraphs: [
      `${tenantName} proposes targets for ${partner.name}, for ${from} and later.`,
      "They count once both sides have acknowledged them, which is possible until the quarter begins.",
      "What is proposed is read and acknowledged here:",
    ],
    link: `${baseUrl}/v1/partners/${partnerId}/targets/${programId}/${from}`,
  };
  const to = distinct([...(await executivesOf(ctx, partnerId)), ...ofVendor]);
  return [{ kind: "targets-proposed", draft, to }];
};
