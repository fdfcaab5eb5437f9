import { tokenHash } from "../one-time-token/index.ts";
import type { Membership } from "../person/index.ts";
import type { LoginChallengeRepository } from "./repository.ts";
import type { LoginChallenge } from "./schema.ts";

export interface Challenged {
  readonly kind: "second-factor-needed";
  /** Good once. */
  readonly challenge: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Long enough to find the phone. */
export const CHALLENGE_SECONDS = 300;

/** What the client shows again with the second factor; only its hash is stored. */
export async function challenge(
  ctx: {
    readonly loginChallenges: LoginChallengeRepository;
    readonly newSecret: () => string;
    readonly wallNow: Date;
  },
  { personId, tenantId, membershipId, partnerId }: Membership,
  entry: Pick<LoginChallenge, "method" | "client" | "passwordHash" | "personVersion">,
): Promise<Challenged> {
  const { method, client, passwordHash, personVersion } = entry;
  const text = ctx.newSecret();
  await ctx.loginChallenges.add({
    challengeHash: tokenHash(text),
    ...{ personId, tenantId, membershipId, partnerId, method, client },
    ...(passwordHash === undefined ? {} : { passwordHash }),
    ...(personVersion === undefined ? {} : { personVersion }),
    expiresAt: Math.floor(ctx.wallNow.getTime() / 1000) + CHALLENGE_SECONDS,
  });
  return { kind: "second-factor-needed", challenge: text, expiresIn: CHALLENGE_SECONDS };
}
