/** What a route costs us: a read, a change, work over many rows, or a guess at a secret. */
export const RATE_CLASSES = ["read", "write", "bulk", "secret"] as const;
export type RateClass = (typeof RATE_CLASSES)[number];

/** A bucket of the generic cell rate algorithm (ITU-T I.371): `burst` at once, then one per emission interval. */
export interface Limit {
  /** Most tokens at once; also what a full bucket holds. */
  readonly burst: number;
  /** Milliseconds until one token is back. */
  readonly emissionMilliseconds: number;
  /** Tokens a process takes with one update, to spend them without asking again. */
  readonly lease: number;
}

/** What a caller has of each class. Data: a tenant's edition may bring larger ones. */
export type Limits = Readonly<Record<RateClass, Limit>>;

/**
 * For one person (or key) of a tenant. A page of the console asks for about ten objects, a sync job
 * for one page of a list after the other.
 */
export const defaultLimits: Limits = {
  read: { burst: 600, emissionMilliseconds: 50, lease: 50 },
  write: { burst: 120, emissionMilliseconds: 250, lease: 1 },
  bulk: { burst: 20, emissionMilliseconds: 6_000, lease: 1 },
  secret: { burst: 10, emissionMilliseconds: 60_000, lease: 1 },
};

/** Milliseconds in which an empty bucket is full again. */
export const windowOf = ({ burst, emissionMilliseconds }: Limit): number =>
  burst * emissionMilliseconds;
