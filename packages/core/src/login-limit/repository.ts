import type { Decision, Limit } from "../rate-limit/index.ts";
import type { GuessBucket } from "./login-limit.ts";

export interface GuessAnswer {
  readonly decision: Decision;
  /** Until when the pair is known, epoch milliseconds; 0 where it is not. */
  readonly knownUntil: number;
}

/** Buckets that belong to no tenant: whoever guesses has shown nothing yet. */
export interface LoginLimitRepository {
  /** One token in one conditional update, a second one where the bucket is busy. */
  take(bucket: GuessBucket, limit: Limit, now: Date): Promise<GuessAnswer>;
  /** The pair has logged in: it is known until then, and its bucket is full again. */
  remember(bucket: GuessBucket, until: Date, now: Date): Promise<void>;
}
