import { type Actor, holds, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import type { Cycle, CycleStore } from "../cycle/index.ts";
import type { CycleId, PartnerId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { ReviewKey, ReviewStore } from "./repository.ts";
import type { OpenReview, Review, Session } from "./schema.ts";

/** What a review waits for from somebody. */
export interface ReviewWork {
  readonly kind: "review-contribution" | "review-session" | "review-signature";
  readonly cycleId: CycleId;
  readonly partnerId: PartnerId;
  readonly partnerName: string;
  readonly period: Review["period"];
  /** A calendar date or an instant. */
  readonly due: string;
}

/** The cycles opened last; one of a year before has closed. */
const MOST_CYCLES = 4;
const MOST_PARTNERS = 25;
/** Of these it is asked who has contributed, one request each. */
const MOST_ASKED = 10;

type Context = RequestContext<CycleStore & PartnerStore & ReviewStore>;

/**
 * What the reviews of the caller's partner wait for, or those of the partners that a member manages or
 * moderates, the most urgent first.
 * @throws DomainError permission-denied
 */
export async function listOwnReviewWork(
  ctx: Context,
): Promise<{ readonly items: readonly ReviewWork[]; readonly hasMore: boolean }> {
  requirePermission(ctx.actor, "review:read");
  const { items: listed } = await ctx.store.cycles.list({ limit: MOST_CYCLES });
  const now = ctx.now.toISOString();
  const cycles = listed.filter(({ status, closesAt }) => status !== "closed" && now < closesAt);
  if (cycles.length === 0) return { items: [], hasMore: false };
  const { partnerIds, hasMore } = await partnersOf(ctx);
  const keys = partnerIds.flatMap((partnerId) =>
    cycles.map(({ cycleId }) => ({ cycleId, partnerId })),
  );
  const reviews = await ctx.store.reviews.getMany(keys);
  const open = reviews.filter((review) => review.status === "open");
  const sessions = await ctx.store.sessions.getMany(open);
  const work: ReviewWork[] = [];
  const unasked: { review: OpenReview; session: Session | undefined }[] = [];
  for (const review of open) {
    const session = sessions.find((one) => isOf(one, review));
    const cycle = cycles.find(({ cycleId }) => cycleId === review.cycleId);
    if (session?.status === "planned") work.push(workOf(review, "review-session", session.heldOn));
    if (session?.status !== "closed") unasked.push({ review, session });
    else if (maySign(ctx.actor, review, cycle)) {
      work.push(workOf(review, "review-signature", review.closesAt));
    }
  }
  const asked = unasked
    .map(({ review, session }) =>
      workOf(review, "review-contribution", dueOf(review, session, now)),
    )
    .sort(byDue);
  const mayContribute = holds(ctx.actor, "review:contribute");
  const missing = await Promise.all(
    (mayContribute ? asked.slice(0, MOST_ASKED) : []).map(async (one) =>
      (await hasContributed(ctx, one)) ? [] : [one],
    ),
  );
  return {
    items: [...work, ...missing.flat()].sort(byDue),
    hasMore: hasMore || (mayContribute && asked.length > MOST_ASKED),
  };
}

const isOf = (a: ReviewKey, b: ReviewKey): boolean =>
  a.cycleId === b.cycleId && a.partnerId === b.partnerId;

const byDue = (a: ReviewWork, b: ReviewWork): number =>
  `${a.due}${a.partnerId}` < `${b.due}${b.partnerId}` ? -1 : 1;

const workOf = (
  { cycleId, partnerId, partnerName, period }: Review,
  kind: ReviewWork["kind"],
  due: string,
): ReviewWork => ({ kind, cycleId, partnerId, partnerName, period, due });

/** Contributions are for the session; without one, for the day the numbers are fixed, or the end. */
const dueOf = (review: OpenReview, session: Session | undefined, now: string): string =>
  session?.heldOn ?? (now < review.freezesAt ? review.freezesAt : review.closesAt);

const maySign = (actor: Actor, review: OpenReview, cycle: Cycle | undefined): boolean =>
  cycle?.status === "frozen" &&
  holds(actor, "review:sign") &&
  review.signatures[actor.kind === "partner-user" ? "partner" : "vendor"] === null;

async function partnersOf({ actor, store }: Context) {
  if (actor.kind === "partner-user") return { partnerIds: [actor.partnerId], hasMore: false };
  if (actor.kind !== "member") return { partnerIds: [], hasMore: false };
  const managed = await store.partners.managedBy(actor.memberId, { limit: MOST_PARTNERS });
  const moderated = (actor.duties ?? []).flatMap(({ duty, partnerId }) =>
    duty === "moderator" && partnerId !== null ? [partnerId] : [],
  );
  const all = new Set([...managed.items.map(({ partnerId }) => partnerId), ...moderated]);
  const partnerIds = [...all].slice(0, MOST_PARTNERS);
  return { partnerIds, hasMore: managed.position !== undefined || all.size > MOST_PARTNERS };
}

/** Whether somebody of the caller's side has. */
async function hasContributed({ actor, store }: Context, key: ReviewKey): Promise<boolean> {
  const side = actor.kind === "partner-user" ? "partner" : "vendor";
  const { items } = await store.contributions.ofReview(key, { limit: 100 });
  return items.some((one) => one.side === side);
}
