import { z } from "zod";
import { everyItem } from "../context/index.ts";
import { PartnerId, ProgramId } from "../id/index.ts";
import type { PartnerTier } from "../tier/index.ts";
import type { MailDraft } from "./mail-content.ts";
import { distinct, memberOf, peopleOf, type Recipient } from "./recipients.ts";
import type { MailPlace } from "./review-mail.ts";
import type { NotificationContext, Teller } from "./telling.ts";

const Told = z.object({ partnerId: PartnerId, programId: ProgramId });

const draft = (
  subject: string,
  { partnerId, programId }: PartnerTier,
  { baseUrl }: Pick<MailPlace, "baseUrl">,
  paragraphs: MailDraft["paragraphs"],
): MailDraft => ({
  subject,
  paragraphs,
  link: `${baseUrl}/v1/partners/${partnerId}/tiers/${programId}`,
});

/** Both sides: who looks after the partner, who leads programs, and the partner's own people. */
async function bothSides(ctx: NotificationContext, partnerId: PartnerId): Promise<Recipient[]> {
  const partner = await ctx.store.partners.get(partnerId);
  const named = [partner?.partnerManagerId, partner?.executiveSponsorId];
  const found: Recipient[] = await peopleOf(ctx, partnerId);
  for (const memberId of named) if (memberId) found.push(...(await memberOf(ctx, memberId)));
  for await (const member of everyItem((page) => ctx.store.members.list(page))) {
    if (member.status === "active" && member.roles.includes("program-manager")) {
      found.push({ ...member, id: member.memberId });
    }
  }
  return distinct(found);
}

/** While it still waits for a decision. */
export const tellRecommended: Teller = async (ctx, event, place) => {
  const { partnerId, programId } = Told.parse(event.data);
  const tier = await ctx.store.tiers.get(partnerId, programId);
  const recommendation = tier?.recommendation;
  if (!tier || !recommendation || tier.version !== event.aggregate.version) return [];
  const { decidableFrom, direction, tierName, reasons } = recommendation;
  const subject = `Recommended: ${direction} of ${tier.partnerName} to ${tierName}`;
  const content = draft(subject, tier, place, [
    `A ${direction} of ${tier.partnerName} to ${tierName} is recommended.`,
    reasons,
    decidableFrom === null
      ? "A person decides."
      : `A person decides, not before ${decidableFrom}; until then the scorecard can be disputed.`,
  ]);
  return [{ kind: "tier-recommended", draft: content, to: await bothSides(ctx, partnerId) }];
};

export const tellMoved: Teller = async (ctx, event, place) => {
  const { partnerId, programId } = Told.parse(event.data);
  const tier = await ctx.store.tiers.get(partnerId, programId);
  const move = tier?.history.at(-1);
  if (!tier || !move || move.at !== event.at) return [];
  const subject = `${tier.partnerName} is ${move.toName} now`;
  const content = draft(subject, tier, place, [
    `${tier.partnerName} has moved to the tier ${move.toName} by its standing of ${move.period}.`,
  ]);
  return [{ kind: "tier-moved", draft: content, to: await bothSides(ctx, partnerId) }];
};
