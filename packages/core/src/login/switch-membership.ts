import { requirePermission } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import type { MembershipId } from "../person/index.ts";
import { enter, type LoginContext, tenantsOf } from "./enter.ts";
import { provesPerson } from "./login-session.ts";
import type { OwnContext } from "./own-login-sessions.ts";
import type { LoginAnswer } from "./schema.ts";

/**
 * A new login session in another membership of the same person, without a new proof; it ends when
 * the one it came from would have ended at the latest.
 * @throws DomainError permission-denied | login-proves-one-tenant | membership-not-found | login-failed
 */
export async function switchMembership(
  ctx: LoginContext & OwnContext,
  { membershipId }: { readonly membershipId: MembershipId },
  client: string,
): Promise<LoginAnswer> {
  const by = requirePermission(ctx.actor, "me:read");
  const { method, endsAt, secondFactor } = ctx.session;
  if (!provesPerson({ method })) raise("login-proves-one-tenant");
  const { person, memberships } = await ctx.people.load(by.personId);
  const wanted = memberships.find((one) => one.membershipId === membershipId);
  if (!wanted) raise("membership-not-found");
  const tenant = (await tenantsOf(ctx, [wanted])).get(wanted.tenantId);
  const entry = {
    ...{ method, client, endsAt },
    hasShownFactor: secondFactor === "shown",
    personVersion: person?.version,
  };
  const entered = await enter(ctx, wanted, tenant ?? raise("login-failed"), entry);
  // Only of a session from before the second factor was set up, at that very moment.
  return entered.kind === "logged-in" ? entered.answer : raise("login-failed");
}
