import { raise } from "../error/index.ts";
import { LoginLinkId, type PersonId } from "../id/index.ts";
import {
  type Entry,
  endingSessions,
  endSessionsOf,
  enterOne,
  type LoginOutcome,
} from "../login/index.ts";
import { rememberAttempt } from "../login-limit/index.ts";
import { isTokenOf } from "../one-time-token/index.ts";
import { type IsCommonPassword, type Person, requireGoodPassword } from "../person/index.ts";
import { hasSecondFactor } from "../second-factor/index.ts";
import { securityEvent } from "../security-event/index.ts";
import type { LinkContext } from "./request-login-link.ts";
import type { LoginLink, RedeemLoginLink } from "./schema.ts";

export interface RedeemContext extends LinkContext {
  readonly isCommonPassword: IsCommonPassword;
}

/**
 * Opens a login session, once. The link stays good while the person has still to choose a membership
 * or a better password; unknown, used, expired and forged ones fail alike.
 * @param from where the request comes from
 * @throws DomainError login-link-invalid | login-failed | sso-required | password-unsuitable
 */
export async function redeemLoginLink(
  ctx: RedeemContext,
  input: RedeemLoginLink,
  from: { readonly client: string; readonly clientAddress: string },
): Promise<LoginOutcome> {
  const link = await shown(ctx, input.token);
  const { person, memberships } = await ctx.people.load(link.personId);
  if (!person) raise("login-link-invalid");
  const wanted = memberships.filter(
    ({ tenantId, membershipId }) =>
      (input.tenantId ?? tenantId) === tenantId &&
      (input.membershipId ?? membershipId) === membershipId,
  );
  const entry = { method: "link", client: from.client } as const;
  if (wanted.length !== 1) return enterOne(ctx, memberships, input, entry);
  if (input.password !== undefined) {
    const tenants = await ctx.tenants.find([...new Set(memberships.map((one) => one.tenantId))]);
    const names = tenants.map(({ name }) => name);
    await requireGoodPassword(ctx.isCommonPassword, input.password, { email: person.email, names });
  }
  if (!(await ctx.loginLinks.use(link.linkId, ctx.wallNow))) raise("login-link-invalid");
  const set =
    input.password === undefined
      ? { personVersion: person.version }
      : await passwordOf(ctx, person, input.password, from.client);
  const outcome = await enterOne(ctx, wanted, input, { ...entry, ...set });
  if (outcome.kind === "logged-in") {
    await rememberAttempt(ctx, { email: person.email, clientAddress: from.clientAddress });
  }
  return outcome;
}

/** What it takes to look at a mailed link. */
export type LinkProof = Pick<LinkContext, "loginLinks" | "wallNow">;

/** Uses a link up as proof of its person's mailbox, without a log-in. @throws DomainError login-link-invalid */
export async function takeLoginLink(
  ctx: LinkProof,
  token: string,
  personId: PersonId,
): Promise<void> {
  const link = await shown(ctx, token);
  if (link.personId !== personId) raise("login-link-invalid");
  if (!(await ctx.loginLinks.use(link.linkId, ctx.wallNow))) raise("login-link-invalid");
}

async function shown({ loginLinks, wallNow }: LinkProof, text: string): Promise<LoginLink> {
  const [id, token = "", ...rest] = text.split(".");
  const linkId = LoginLinkId.safeParse(id);
  if (!linkId.success || rest.length > 0) raise("login-link-invalid");
  const link = await loginLinks.get(linkId.data);
  const isGood =
    link &&
    !link.usedAt &&
    link.expiresAt * 1000 > wallNow.getTime() &&
    isTokenOf(link.tokenHash, token);
  return isGood ? link : raise("login-link-invalid");
}

/** A mailbox alone sets no password of who has a second factor: theirs is set once that is shown. */
async function passwordOf(
  ctx: RedeemContext,
  person: Person,
  password: string,
  client: string,
): Promise<Pick<Entry, "passwordHash" | "personVersion">> {
  const passwordHash = await ctx.hashPassword(password, person.personId);
  if (hasSecondFactor(await ctx.secondFactors.get(person.personId))) return { passwordHash };
  const personVersion = person.version + 1;
  const where = { personId: person.personId, client };
  const event = securityEvent("password-changed", where, ctx.wallNow);
  await endingSessions(
    () => endSessionsOf(ctx, person.personId),
    () => ctx.people.save({ ...person, passwordHash, version: personVersion }, event),
  );
  return { personVersion };
}
