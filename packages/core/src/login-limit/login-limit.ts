import type { EmailAddress } from "../person/index.ts";
import type { Limit } from "../rate-limit/index.ts";
import { clientPrefix } from "./client-prefix.ts";

/** Somebody says they are the person of this address. */
export interface Attempt {
  readonly email: EmailAddress;
  /** Address of the client as the gateway tells it. */
  readonly clientAddress: string;
}

/** A bucket of guesses, named by nothing that depends on whether the account exists. */
export interface GuessBucket {
  readonly kind:
    | "pair"
    | "prefix"
    | "account"
    | "domain"
    | `link-${"prefix" | "pair" | "account"}`
    | `code-${"pair" | "account" | "own"}`;
  /** Whether the pair has logged in here before: its guesses never meet those of strangers. */
  readonly isKnown: boolean;
  readonly subject: string;
}

export interface LoginLimits {
  /** One account from one prefix. */
  readonly pair: Limit;
  /** All accounts from one prefix that they are not known at. */
  readonly prefix: Limit;
  /** One account from all prefixes that it is not known at. */
  readonly account: Limit;
  /**
   * All accounts of a mail domain, from prefixes that they are not known at. The domain stands for
   * the tenant: which tenants an address belongs to is what a refusal must not tell.
   */
  readonly domain: Limit;
  /** Mails asked for from one prefix. */
  readonly linkPrefix: Limit;
  /** Mails to one account from one prefix, and from all. */
  readonly linkPair: Limit;
  readonly linkAccount: Limit;
  /** Codes of a second factor, from one prefix for who has given the first proof. */
  readonly codePair: Limit;
  /** The same from all prefixes at which no code of the account was good before, and in its own sessions. */
  readonly codeAccount: Limit;
  /** How long a prefix is known after a log-in, milliseconds. */
  readonly knownMilliseconds: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** One guess, then refilled so slowly that an account lets through some hundred guesses of strangers a day. */
export const loginLimits: LoginLimits = {
  pair: { burst: 10, emissionMilliseconds: 10 * MINUTE, lease: 1 },
  prefix: { burst: 60, emissionMilliseconds: MINUTE / 2, lease: 1 },
  account: { burst: 20, emissionMilliseconds: 15 * MINUTE, lease: 1 },
  domain: { burst: 300, emissionMilliseconds: MINUTE / 12, lease: 1 },
  linkPrefix: { burst: 20, emissionMilliseconds: MINUTE, lease: 1 },
  // One mail each quarter of an hour at least, as long as a link is good: whoever keeps asking in
  // somebody's name fills their mailbox with links that let them in.
  linkPair: { burst: 3, emissionMilliseconds: 15 * MINUTE, lease: 1 },
  linkAccount: { burst: 3, emissionMilliseconds: 15 * MINUTE, lease: 1 },
  // Three of a million codes are good at a time: at one an hour a year of guessing finds one in forty.
  codePair: { burst: 10, emissionMilliseconds: 60 * MINUTE, lease: 1 },
  codeAccount: { burst: 20, emissionMilliseconds: 60 * MINUTE, lease: 1 },
  knownMilliseconds: 90 * DAY,
};

/** Refuses nobody; taken from so that a known pair costs what an unknown one costs. */
const OPEN: Limit = { burst: 1_000_000, emissionMilliseconds: 1, lease: 1 };

export const pairBucket = ({ email, clientAddress }: Attempt): GuessBucket => ({
  kind: "pair",
  isKnown: false,
  subject: JSON.stringify([email, clientPrefix(clientAddress)]),
});

/**
 * The buckets that a guess must pass after its pair's, the narrowest first, so that whoever is
 * refused early takes nothing from the others.
 */
export function furtherBuckets(
  { email, clientAddress }: Attempt,
  isKnown: boolean,
  limits: LoginLimits,
): readonly { readonly bucket: GuessBucket; readonly limit: Limit }[] {
  const subjects = {
    prefix: clientPrefix(clientAddress),
    account: email,
    domain: email.slice(email.lastIndexOf("@") + 1),
  };
  return (["prefix", "account", "domain"] as const).map((kind) => ({
    bucket: { kind, isKnown, subject: subjects[kind] },
    limit: isKnown ? OPEN : limits[kind],
  }));
}

/** The buckets of asking for a mailed link: first the one whose refusal is told, since it tells of no account. */
export function linkBuckets({ email, clientAddress }: Attempt, limits: LoginLimits) {
  const prefix = clientPrefix(clientAddress);
  const named = (kind: GuessBucket["kind"], subject: string, limit: Limit) => ({
    bucket: { kind, isKnown: false, subject } satisfies GuessBucket,
    limit,
  });
  return {
    told: named("link-prefix", prefix, limits.linkPrefix),
    untold: [
      named("link-pair", JSON.stringify([email, prefix]), limits.linkPair),
      named("link-account", email, limits.linkAccount),
    ],
  };
}

/** The bucket of codes from one prefix; it says too whether the account is known there by a code. */
export const codePairBucket = (attempt: Attempt): GuessBucket => ({
  ...pairBucket(attempt),
  kind: "code-pair",
});

export const codeBucket = (
  kind: "code-account" | "code-own",
  email: EmailAddress,
): GuessBucket => ({
  kind,
  isKnown: false,
  subject: email,
});
