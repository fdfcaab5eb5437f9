import { deriveId, PersonId } from "../id/index.ts";
import { isPasswordOf, type Membership } from "../person/index.ts";
import { enterOne, type LoginContext, type LoginOutcome } from "./enter.ts";
import type { LoginRequest } from "./schema.ts";

/**
 * An unknown address costs the same requests and the same hash as a wrong password and fails alike;
 * memberships are told only to who has the person's password.
 * @param client as `describeClient` tells
 * @throws DomainError login-failed
 */
export async function logIn(
  ctx: LoginContext,
  input: LoginRequest,
  client: string,
): Promise<LoginOutcome> {
  const { memberships, personVersion } = await openedBy(ctx, input);
  return enterOne(ctx, memberships, input, { method: "password", client, personVersion });
}

async function openedBy(
  ctx: LoginContext,
  { email, password }: LoginRequest,
): Promise<{
  readonly memberships: readonly Membership[];
  readonly personVersion?: number | undefined;
}> {
  const known = await ctx.people.findPersonId(email);
  const personId = known ?? deriveId(PersonId, "nobody", email);
  const { person, memberships } = await ctx.people.load(personId);
  const given = await ctx.hashPassword(password, personId);
  if (!isPasswordOf(person, given)) return { memberships: [] };
  return { memberships, personVersion: person?.version };
}
