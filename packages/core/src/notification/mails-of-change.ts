import { createHash } from "node:crypto";
import { requirePermission } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import type { StoredEvent } from "../event/index.ts";
import { ActionItemId, FactReportId } from "../id/index.ts";
import type { Review } from "../review/index.ts";
import { actionItemGiven } from "./action-item-mail.ts";
import { factReported } from "./fact-report-mail.ts";
import { tellInvitee } from "./invitation-mail.ts";
import { type MailContent, toContent } from "./mail-content.ts";
import { tellDeciders, tellFiler } from "./mails-of-dispute.ts";
import { mailsOfPlanEvent } from "./mails-of-plan.ts";
import { tellMoved, tellRecommended } from "./mails-of-tier.ts";
import { memberOf, partnerUserOf, peopleOf } from "./recipients.ts";
import { type MailPlace, reviewOpened } from "./review-mail.ts";
import { paymentTellers } from "./subscription-mail.ts";
import { tellAcknowledgers } from "./target-mail.ts";
import type { NotificationContext, Teller, Telling } from "./telling.ts";

/** A mail to one person. The same change and person always make the same `mailId`. */
export interface OutgoingMail extends MailContent {
  readonly mailId: string;
  readonly to: string;
}

async function placeOf({ store }: NotificationContext, baseUrl: string): Promise<MailPlace> {
  const found = await store.tenant.get();
  const { tenantId, name, timeZone } = found ?? raise("tenant-not-found");
  return { tenantId, tenantName: name, timeZone, baseUrl: baseUrl.replace(/\/+$/, "") };
}

/** @param change what names the change within all tenants */
const addressed = (
  tellings: readonly Telling[],
  { tenantName }: MailPlace,
  change: readonly string[],
): OutgoingMail[] =>
  tellings.flatMap(({ kind, draft, to }) =>
    to.map(({ id, email, displayName }) => ({
      mailId: `${kind}-${createHash("sha256")
        .update(JSON.stringify([kind, id, ...change]))
        .digest("hex")
        .slice(0, 40)}`,
      to: email,
      ...toContent(draft, displayName, tenantName),
    })),
  );

/**
 * To each person of the partner whose review a kick-off opened; nobody, once its window is over.
 * @throws DomainError tenant-not-found | program-version-not-found
 */
export async function mailsOfReview(
  ctx: NotificationContext,
  review: Review,
  baseUrl: string,
): Promise<OutgoingMail[]> {
  requirePermission(ctx.actor, "notification:send");
  if (review.closesAt <= ctx.now.toISOString()) return [];
  const [place, program, to] = await Promise.all([
    placeOf(ctx, baseUrl),
    ctx.store.programs.version(review.programId, review.programVersion),
    peopleOf(ctx, review.partnerId),
  ]);
  if (!program) raise("program-version-not-found");
  const draft = reviewOpened(review, program, place);
  return addressed([{ kind: "review-opened", draft, to }], place, [
    review.cycleId,
    review.partnerId,
  ]);
}

/**
 * What an event calls for; most call for nothing. Who waits for a decision is told only while the plan
 * still waits for theirs.
 */
export async function mailsOfEvent(
  ctx: NotificationContext,
  event: StoredEvent,
  baseUrl: string,
): Promise<OutgoingMail[]> {
  requirePermission(ctx.actor, "notification:send");
  const tell = tellers[event.type];
  if (!tell) return [];
  const place = await placeOf(ctx, baseUrl);
  const { type, id, version } = event.aggregate;
  return addressed(await tell(ctx, event, place), place, [type, id, String(version)]);
}

const tellOwner =
  (how: "created" | "carried-over"): Teller =>
  async (ctx, event, place) => {
    const item = await ctx.store.actionItems.get(ActionItemId.parse(event.aggregate.id));
    if (item?.status !== "open") return [];
    const partner = await ctx.store.partners.get(item.partnerId);
    const to =
      item.owner.kind === "member"
        ? await memberOf(ctx, item.owner.memberId)
        : await partnerUserOf(ctx, item.owner.partnerUserId);
    const draft = actionItemGiven(item, how, partner?.name ?? "the partner", place);
    return [{ kind: `action-item-${how}`, draft, to }];
  };

const tellSteward: Teller = async (ctx, event, place) => {
  if (event.by.kind !== "partner-user") return [];
  const { partnerId } = event.by;
  const factReportId = FactReportId.parse(event.aggregate.id);
  const report = await ctx.store.opportunities.report(partnerId, factReportId);
  if (report?.status !== "open" || report.ownerId === null) return [];
  const partner = await ctx.store.partners.get(partnerId);
  const draft = factReported(report, partner?.name ?? "the partner", place);
  return [{ kind: "fact-report", draft, to: await memberOf(ctx, report.ownerId) }];
};

const tellers: Readonly<Record<string, Teller>> = {
  ...paymentTellers,
  "action-item.created": tellOwner("created"),
  "action-item.carried-over": tellOwner("carried-over"),
  "dispute.filed": tellDeciders("filed"),
  "dispute.reminded": tellDeciders("reminded"),
  "dispute.overdue": tellDeciders("overdue"),
  "dispute.rejected": tellFiler,
  "dispute.upheld": tellFiler,
  "tier.recommended": tellRecommended,
  "tier.promoted": tellMoved,
  "tier.confirmed": tellMoved,
  "fact-report.created": tellSteward,
  "invitation.created": tellInvitee,
  "target-set.proposed": tellAcknowledgers,
  "invitation.resent": tellInvitee,
  "development-plan.submitted": mailsOfPlanEvent,
  "development-plan.step-approved": mailsOfPlanEvent,
  "development-plan.approver-reminded": mailsOfPlanEvent,
  "development-plan.step-escalated": mailsOfPlanEvent,
  "development-plan.step-reassigned": mailsOfPlanEvent,
  "development-plan.approved": mailsOfPlanEvent,
  "development-plan.returned": mailsOfPlanEvent,
  "development-plan.rejected": mailsOfPlanEvent,
  "development-plan.expired": mailsOfPlanEvent,
};
