import type { RequestContext } from "@concord/core/context";
import { type SubscriptionStore, standingOf } from "@concord/core/edition";
import { StoredEvent } from "@concord/core/event";
import type { TenantId } from "@concord/core/id";
import {
  isOfPayment,
  mailOfSignUp,
  mailsOfEvent,
  mailsOfReview,
  type NotificationContext,
  type NotificationStore,
  type OutgoingMail,
} from "@concord/core/notification";
import { Review } from "@concord/core/review";
import { SignUp } from "@concord/core/sign-up";
import { type AddedRow, type ChangeFeed, consumeAdded } from "../change-feed/consume-changes.ts";
import { inParallel } from "../in-parallel.ts";
import type { MailTransport } from "./compose-mail.ts";

type Context = RequestContext<NotificationContext["store"] & NotificationStore & SubscriptionStore>;
type SecretContext = Context & Pick<NotificationContext, "tokenSecret">;

export interface MailDependencies extends ChangeFeed {
  /** Opens the tenant for the system, at this instant of the business clock. */
  readonly contextOf: (tenantId: TenantId) => Context;
  readonly transport: MailTransport;
  /** One-time tokens are derived from it; at least 32 bytes. */
  readonly tokenSecret: Uint8Array;
  /** Where people reach Concord. */
  readonly baseUrl: string;
  /** Milliseconds of the wall clock. */
  readonly wallNow: () => number;
  /** Milliseconds that nobody else sends what this process is about to send: longer than it may run. */
  readonly leaseMs: number;
}

const MAILS_AT_ONCE = 5;
/** Longer than a change can wait to be delivered again. */
const REMEMBERED_DAYS = 90;

/** Sends what the added rows call for. A mail that has gone out is not sent again, however often its change comes. */
export const sendMail = (
  deps: MailDependencies,
  batch: unknown,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> =>
  consumeAdded(
    deps,
    batch,
    async (added) => {
      const ctx = { ...deps.contextOf(added.tenantId), tokenSecret: deps.tokenSecret };
      // Nobody of a suspended or closed tenant is called to work that they may not do; paying they may.
      const standing = standingOf(await ctx.store.subscriptions.state(ctx.now));
      if (standing !== "open" && !isOfPayment(String(added.row["type"]))) return;
      const mails = await mailsOf(ctx, added, deps.baseUrl);
      await inParallel(mails, MAILS_AT_ONCE, (mail) => sendOnce(ctx, mail, deps));
    },
    ["Event", "Review", "SignUp"],
  );

async function mailsOf(
  ctx: SecretContext,
  { entity, row }: AddedRow,
  baseUrl: string,
): Promise<OutgoingMail[]> {
  if (entity === "SignUp") return [mailOfSignUp(ctx, SignUp.parse(row), baseUrl)];
  return entity === "Review"
    ? mailsOfReview(ctx, Review.parse(row), baseUrl)
    : mailsOfEvent(ctx, StoredEvent.parse(row), baseUrl);
}

/**
 * Claimed before it goes out, so that of two deliveries at once one sends it, and marked afterwards: a process
 * that dies in between sends it twice under one id, which beats never.
 * @throws Error where another delivery has it in hand: this one comes again, and finds it sent or its claim over
 */
async function sendOnce(
  { store, now }: Context,
  mail: OutgoingMail,
  { transport, wallNow, leaseMs }: MailDependencies,
): Promise<void> {
  const { mailId } = mail;
  const expiresAt = Math.floor(now.getTime() / 1000) + REMEMBERED_DAYS * 86_400;
  const claim = await store.sentMails.claim({ mailId, nowMs: wallNow(), leaseMs, expiresAt });
  if (claim === "sent") return;
  if (claim === "under-way") throw new Error("another delivery sends this mail");
  await transport.send(mail);
  await store.sentMails.mark({ mailId, sentAt: now.toISOString(), expiresAt });
}
