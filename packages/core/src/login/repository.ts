import type { LoginSessionId } from "../id/index.ts";
import type { MembershipId, Person } from "../person/index.ts";
import type { Holder, LoginChallenge, LoginSession } from "./schema.ts";

export interface LoginSessionRepository {
  create(session: LoginSession): Promise<void>;
  /**
   * The same, as long as the person is at this version.
   * @returns false where a password was set since: nothing was written
   */
  createWhile(session: LoginSession, personVersion: Person["version"]): Promise<boolean>;
  /**
   * Writes the next generation over the one before it.
   * @returns false where another was faster, or the session has ended: nothing was written
   */
  rotate(next: LoginSession): Promise<boolean>;
  /** The person has shown their second factor in this session. */
  factorShown(membershipId: MembershipId, sessionId: LoginSessionId): Promise<void>;
  /** Every one of a membership, those that are over too; in no order. */
  listOf(membershipId: MembershipId): Promise<readonly LoginSession[]>;
  /** Ends every session of a membership. */
  endAllOf(membershipId: MembershipId): Promise<void>;
  /** Ends the session: its access tokens are refused from the next request on. */
  end(membershipId: MembershipId, sessionId: LoginSessionId): Promise<void>;
  /** Membership and session in one consistent read. */
  find(
    membershipId: MembershipId,
    sessionId: LoginSessionId,
  ): Promise<{ readonly holder: Holder | undefined; readonly session: LoginSession | undefined }>;
}

/** Log-ins that wait for a second factor; of no tenant. */
export interface LoginChallengeRepository {
  add(challenge: LoginChallenge): Promise<void>;
  find(challengeHash: string): Promise<LoginChallenge | undefined>;
  /** @returns false where somebody else has taken it. */
  take(challengeHash: string): Promise<boolean>;
}

export interface LoginSessionStore {
  readonly loginSessions: LoginSessionRepository;
}
