import { z } from "zod";
import type { MemberRole } from "../actor/index.ts";
import { everyItem } from "../context/index.ts";
import type { Dispute } from "../dispute/index.ts";
import type { StoredEvent } from "../event/index.ts";
import { CycleId, DisputeId, PartnerId } from "../id/index.ts";
import { disputeDecided, disputeWaits } from "./dispute-mail.ts";
import { distinct, memberOf, personOf, type Recipient } from "./recipients.ts";
import type { NotificationContext, Teller } from "./telling.ts";

const Told = z.object({ cycleId: CycleId, partnerId: PartnerId });

const disputeOf = (
  { store }: NotificationContext,
  { aggregate, data }: StoredEvent,
): Promise<Dispute | undefined> =>
  store.disputes.get(Told.parse(data), DisputeId.parse(aggregate.id));

/** Those who can decide: the partner's sponsor and who leads programs, or else who leads the tenant. */
async function deciders(
  ctx: NotificationContext,
  { partnerId, isOverdue }: Dispute,
): Promise<Recipient[]> {
  const partner = await ctx.store.partners.get(partnerId);
  const sponsor = partner?.executiveSponsorId;
  const found: Recipient[] = sponsor ? await memberOf(ctx, sponsor) : [];
  const leaders: Recipient[] = [];
  for await (const member of everyItem((page) => ctx.store.members.list(page))) {
    if (member.status !== "active") continue;
    const has = (role: MemberRole) => member.roles.includes(role);
    const recipient = { ...member, id: member.memberId };
    if (has("program-manager")) found.push(recipient);
    if (has("owner") || has("admin")) leaders.push(recipient);
  }
  return distinct(found.length === 0 || isOverdue ? [...found, ...leaders] : found);
}

/** While it waits for a decision. */
export const tellDeciders =
  (how: "filed" | "reminded" | "overdue"): Teller =>
  async (ctx, event, place) => {
    const dispute = await disputeOf(ctx, event);
    if (dispute?.status !== "open") return [];
    const to = await deciders(ctx, dispute);
    return [{ kind: `dispute-${how}`, draft: disputeWaits(dispute, how, place), to }];
  };

export const tellFiler: Teller = async (ctx, event, place) => {
  const dispute = await disputeOf(ctx, event);
  if (dispute?.status !== "upheld" && dispute?.status !== "rejected") return [];
  const to = await personOf(ctx, dispute.filedBy);
  return [{ kind: "dispute-decided", draft: disputeDecided(dispute, place), to }];
};
