import { everyItem } from "../context/index.ts";
import { overOf } from "../edition/index.ts";
import { InvoiceId } from "../id/index.ts";
import { toMoney } from "../money/index.ts";
import type { MailDraft } from "./mail-content.ts";
import type { Recipient } from "./recipients.ts";
import type { MailPlace } from "./review-mail.ts";
import type { NotificationContext, Teller, Telling } from "./telling.ts";
import { instantInWords, moneyInWords } from "./wording.ts";

/** Events of paying: owners are told of them in every state, since they are the ones who can end it. */
export const isOfPayment = (type: string): boolean => Object.hasOwn(paymentTellers, type);

async function ownersOf({ store }: NotificationContext): Promise<Recipient[]> {
  const owners: Recipient[] = [];
  for await (const member of everyItem((page) => store.members.list(page))) {
    if (member.status !== "active" || !member.roles.includes("owner")) continue;
    const { memberId, email, displayName } = member;
    owners.push({ id: memberId, email, displayName });
  }
  return owners;
}

const toOwners = async (
  ctx: NotificationContext,
  kind: string,
  draft: Omit<MailDraft, "link">,
  { baseUrl }: MailPlace,
): Promise<readonly Telling[]> => [
  { kind, draft: { ...draft, link: `${baseUrl}/v1/subscription` }, to: await ownersOf(ctx) },
];

/** Tells what is so now: an event that comes late tells nothing that has passed. */
export const paymentTellers: Readonly<Record<string, Teller>> = {
  async "subscription.trial-ending"(ctx, _, place) {
    const subscription = await ctx.store.subscriptions.get();
    if (subscription?.state !== "trial" || subscription.stateEndsAt === null) return [];
    const ends = instantInWords(subscription.stateEndsAt, place.timeZone);
    const draft = {
      subject: `The trial of ${place.tenantName} ends soon`,
      paragraphs: [
        `The trial of ${place.tenantName} ends on ${ends}.`,
        "Subscribe before, and everything goes on as it is. Unpaid, it is overdue for 14 days; then everything can be read, and nothing changed.",
      ],
    };
    return toOwners(ctx, "trial-ending", draft, place);
  },

  async "invoice.overdue"(ctx, event, place) {
    const invoice = await ctx.store.invoices.get(InvoiceId.parse(event.aggregate.id));
    if (invoice?.status !== "overdue") return [];
    const { number, amountMinor, currency, dueAt } = invoice;
    const amount = moneyInWords(toMoney(amountMinor, currency));
    const draft = {
      subject: `Invoice ${number} is overdue`,
      paragraphs: [
        `Invoice ${number} of ${amount} was due on ${instantInWords(dueAt, place.timeZone)} and is not paid.`,
        "While it is not, the tenant is past due; after 14 days everything can be read, and nothing changed.",
      ],
    };
    return toOwners(ctx, "invoice-overdue", draft, place);
  },

  async "subscription.suspended"(ctx, _, place) {
    if ((await ctx.store.subscriptions.get())?.state !== "suspended") return [];
    const draft = {
      subject: `${place.tenantName} is suspended`,
      paragraphs: [
        `${place.tenantName} was not paid for and is suspended: everything can be read, and nothing changed.`,
        "Paid again, it goes on where it stopped. After 90 days it is closed.",
      ],
    };
    return toOwners(ctx, "subscription-suspended", draft, place);
  },

  "subscription.edition-changed": tellWhatIsOver,
  "subscription.activated": tellWhatIsOver,
};

/** A smaller edition that was chosen at the payment provider counts at once: nobody was asked to make room before. */
async function tellWhatIsOver(
  ctx: NotificationContext,
  _: unknown,
  place: MailPlace,
): Promise<readonly Telling[]> {
  const subscription = await ctx.store.subscriptions.get();
  if (!subscription) return [];
  const { edition } = subscription;
  const over = overOf(edition, await ctx.store.usage.read());
  if (over.length === 0) return [];
  const draft = {
    subject: `${place.tenantName} uses more than its edition holds`,
    paragraphs: [
      `${place.tenantName} has the edition ${edition} now, and more is in use than it holds:`,
      over,
      "Nothing is taken away. Nothing more can be added until there is room, or the edition is larger.",
    ],
  };
  return toOwners(ctx, "edition-over", draft, place);
}
