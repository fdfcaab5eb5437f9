import type { LoginSessionId, PersonId } from "../id/index.ts";
import type { MembershipId } from "../person/index.ts";
import type { TenantEntry } from "../tenant/index.ts";
import type { Holder, LoginMethod, LoginSession, SessionFactor } from "./schema.ts";

/** A login session that is not refreshed for so long is over. */
const IDLE_SECONDS = 14 * 86_400;
/** However often it is refreshed: then the person proves again who they are. */
const ABSOLUTE_SECONDS = 90 * 86_400;
/** For so long a client that lost the answer may show the refresh token before the current one. */
const GRACE_MS = 10_000;

const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1000);

/** Whether a session of this method proves the person, and not only what one tenant's provider says of them. */
export const provesPerson = ({ method }: Pick<LoginSession, "method">): boolean => method !== "sso";

/**
 * Whether a tenant asks its members for a second factor. People of its partners are not its own, and
 * whom its provider lets in has shown there what the tenant wants.
 */
export const owesSecondFactor = (
  { requiresSecondFactor = false }: Pick<TenantEntry, "requiresSecondFactor">,
  { kind }: Pick<Holder, "kind">,
  method: LoginMethod,
): boolean => requiresSecondFactor && kind === "member" && provesPerson({ method });

export const isOpen = ({ expiresAt }: LoginSession, wallNow: Date): boolean =>
  expiresAt * 1000 > wallNow.getTime();

/** @param endsAt epoch seconds; of the session it follows, where it follows one */
export function openLoginSession(
  who: {
    readonly sessionId: LoginSessionId;
    readonly membershipId: MembershipId;
    readonly personId: PersonId;
    readonly method: LoginMethod;
    readonly client: string;
    readonly refreshHash: string;
    readonly secondFactor?: SessionFactor;
  },
  wallNow: Date,
  endsAt: number = secondsOf(wallNow) + ABSOLUTE_SECONDS,
): LoginSession {
  const at = wallNow.toISOString();
  return {
    secondFactor: "absent",
    ...who,
    createdAt: at,
    lastUsedAt: at,
    endsAt,
    expiresAt: Math.min(secondsOf(wallNow) + IDLE_SECONDS, endsAt),
    generation: 0,
  };
}

export type RefreshDecision =
  | { readonly kind: "rotate"; readonly next: (refreshHash: string) => LoginSession }
  /** The client asks again for the successor that was made a moment ago. */
  | { readonly kind: "repeat" }
  /** A token of the family from longer ago: somebody has a copy, and nobody knows who. */
  | { readonly kind: "replayed" };

/** @param generation of the token that is shown, which is known to be one of this family */
export function decideRefresh(
  session: LoginSession,
  generation: number,
  wallNow: Date,
): RefreshDecision {
  if (generation === session.generation) {
    return {
      kind: "rotate",
      next: (refreshHash) => ({
        ...session,
        lastUsedAt: wallNow.toISOString(),
        expiresAt: Math.min(secondsOf(wallNow) + IDLE_SECONDS, session.endsAt),
        generation: generation + 1,
        refreshHash,
      }),
    };
  }
  const sinceRotation = wallNow.getTime() - new Date(session.lastUsedAt).getTime();
  const isPredecessor = generation === session.generation - 1;
  return { kind: isPredecessor && sinceRotation <= GRACE_MS ? "repeat" : "replayed" };
}
