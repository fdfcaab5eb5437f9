import { type MintId, type PartnerId, PersonId } from "../id/index.ts";
import { hashPassword, type PasswordHashing } from "./password.ts";
import type { PersonStore } from "./repository.ts";
import type { EmailAddress, Membership, MembershipId, Person } from "./schema.ts";

/** A membership about to be saved, with the person it makes known where the address is new. */
export interface NewMembership {
  /** Its tenant is the one whose store saves it. */
  readonly membership: Omit<Membership, "tenantId">;
  readonly newPerson: Person | undefined;
  /** The person, known without a password until now, with the one they have chosen. */
  readonly withPassword?: Person | undefined;
}

/**
 * Finds the person of this address or makes one, and gives them a way into the tenant.
 * @param input.password of a person who is new; who is known keeps their own
 */
export async function newMembership(
  ctx: PasswordHashing & {
    readonly store: PersonStore;
    readonly mint: MintId;
    readonly now: Date;
  },
  input: {
    readonly membershipId: MembershipId;
    readonly partnerId: PartnerId | null;
    readonly email: EmailAddress;
    readonly password: string;
  },
): Promise<NewMembership> {
  const known = await ctx.store.people.findPersonId(input.email);
  const personId = known ?? ctx.mint(PersonId);
  const hash = ctx.hashPassword ?? hashPassword;
  return {
    membership: {
      personId,
      membershipId: input.membershipId,
      partnerId: input.partnerId,
    },
    newPerson: known
      ? undefined
      : {
          personId,
          email: input.email,
          passwordHash: await hash(input.password, personId),
          version: 1,
          createdAt: ctx.now.toISOString(),
        },
  };
}
