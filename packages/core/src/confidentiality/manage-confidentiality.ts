import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { requireRetention, type SubscriptionStore } from "../edition/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import {
  acknowledgeAgreement,
  endAgreement,
  inWords,
  noneOfItsOwn,
  proposeAgreement,
  setRules,
  tighten,
  usualRules,
} from "./confidentiality.ts";
import type { ConfidentialityStore } from "./repository.ts";
import type {
  ConfidentialityRules,
  InformationHandling,
  PartnerConfidentiality,
  ProposeAgreement,
  SetConfidentialityRules,
  TightenConfidentiality,
} from "./schema.ts";

type Context = RequestContext<ConfidentialityStore>;
type PartnerContext = RequestContext<ConfidentialityStore & PartnerStore>;
interface Seen {
  readonly partnerId: PartnerId;
  readonly ifVersion: number;
}

const rulesOf = async ({ store }: Context): Promise<ConfidentialityRules> =>
  (await store.confidentiality.get()) ?? usualRules;

/** @throws DomainError permission-denied */
export async function getConfidentiality(ctx: Context): Promise<ConfidentialityRules> {
  requirePermission(ctx.actor, "confidentiality:read");
  return rulesOf(ctx);
}

/** @throws DomainError permission-denied | version-stale | confidentiality-rules-invalid | edition-limit-reached */
export async function setConfidentiality(
  ctx: RequestContext<ConfidentialityStore & SubscriptionStore>,
  { ifVersion, rules }: { readonly ifVersion: number; readonly rules: SetConfidentialityRules },
): Promise<ConfidentialityRules> {
  const by = requirePermission(ctx.actor, "confidentiality:manage");
  const current = await rulesOf(ctx);
  if (current.version !== ifVersion) raise("version-stale");
  await requireRetention(ctx, rules.readsKeptDays);
  const { next, event } = setRules(current, rules, by, ctx.now);
  await ctx.store.confidentiality.save(next, event);
  return next;
}

/** @throws DomainError partner-not-found | version-stale */
async function currentOf(
  ctx: PartnerContext,
  { partnerId, ifVersion }: Seen,
): Promise<PartnerConfidentiality> {
  const { actor, store } = ctx;
  if (actor.kind === "partner-user" && actor.partnerId !== partnerId) raise("partner-not-found");
  if (!(await store.partners.get(partnerId))) raise("partner-not-found");
  const current = (await store.confidentiality.getPartner(partnerId)) ?? noneOfItsOwn(partnerId);
  if (current.version !== ifVersion) raise("version-stale");
  return current;
}

/** The state after a change, in words. */
const told = async (
  ctx: PartnerContext,
  own: PartnerConfidentiality,
): Promise<InformationHandling> =>
  inWords({ rules: await rulesOf(ctx), partners: new Map([[own.partnerId, own]]) }, own.partnerId);

/** How a partner's information is handled. @throws DomainError permission-denied | partner-not-found */
export async function readInformationHandling(
  ctx: PartnerContext,
  partnerId: PartnerId,
): Promise<InformationHandling> {
  const { actor, store } = ctx;
  requirePermission(actor, "information-handling:read");
  if (actor.kind === "partner-user" && actor.partnerId !== partnerId) raise("partner-not-found");
  const [partner, own] = await Promise.all([
    store.partners.get(partnerId),
    store.confidentiality.getPartner(partnerId),
  ]);
  if (!partner) raise("partner-not-found");
  return told(ctx, own ?? noneOfItsOwn(partnerId));
}

/** @throws DomainError permission-denied | partner-not-found | version-stale */
export async function tightenConfidentiality(
  ctx: PartnerContext,
  { input, ...seen }: Seen & { readonly input: TightenConfidentiality },
): Promise<PartnerConfidentiality> {
  const by = requirePermission(ctx.actor, "partner-confidentiality:tighten");
  const current = await currentOf(ctx, seen);
  const { next, event } = tighten(current, input.information, by, ctx.now);
  await ctx.store.confidentiality.savePartner(next, event);
  return next;
}

/** @throws DomainError permission-denied | partner-not-found | version-stale | confidentiality-agreements-off | confidentiality-agreement-empty */
export async function proposeConfidentialityAgreement(
  ctx: PartnerContext,
  { input, ...seen }: Seen & { readonly input: ProposeAgreement },
): Promise<PartnerConfidentiality> {
  const by = requirePermission(ctx.actor, "partner-confidentiality:agree");
  const current = await currentOf(ctx, seen);
  const { next, event } = proposeAgreement(current, input, await rulesOf(ctx), by, ctx.now);
  await ctx.store.confidentiality.savePartner(next, event);
  return next;
}

/** @throws DomainError permission-denied | partner-not-found | version-stale | confidentiality-agreement-missing | confidentiality-agreement-acknowledged */
export async function acknowledgeConfidentialityAgreement(
  ctx: PartnerContext,
  seen: Seen,
): Promise<PartnerConfidentiality> {
  const by = requirePermission(ctx.actor, "partner-confidentiality:agree");
  const { next, event } = acknowledgeAgreement(await currentOf(ctx, seen), by, ctx.now);
  await ctx.store.confidentiality.savePartner(next, event);
  return next;
}

/** @throws DomainError permission-denied | partner-not-found | version-stale | confidentiality-agreement-missing */
export async function endConfidentialityAgreement(
  ctx: PartnerContext,
  seen: Seen,
): Promise<PartnerConfidentiality> {
  const by = requirePermission(ctx.actor, "partner-confidentiality:agree");
  const { next, event } = endAgreement(await currentOf(ctx, seen), by, ctx.now);
  await ctx.store.confidentiality.savePartner(next, event);
  return next;
}
