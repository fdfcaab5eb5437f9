import {
  admitGuess,
  type GuessBucket,
  type LoginLimitRepository,
  type LoginLimits,
  loginLimits,
  rememberAttempt,
} from "@concord/core/login-limit";
import { takeTokens } from "@concord/core/rate-limit";
import { figure } from "@concord/local/testing";
import { describe, expect, it } from "vitest";

const T0 = Date.parse("2027-01-15T00:00:00.000Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SEED = 20_270_115;
const OWNER = { email: "olga@northwind.example", clientAddress: "198.51.100.20" };
const OWNER_LOGINS_A_DAY = 8;

/** What the simulated world remembers: buckets by the pure rule, and who is known where. */
function simulatedBuckets(known = true): LoginLimitRepository {
  const fullAt = new Map<string, number>();
  const until = new Map<string, number>();
  const nameOf = ({ kind, isKnown, subject }: GuessBucket) => `${kind} ${isKnown} ${subject}`;
  return {
    async take(bucket, limit, now) {
      const name = nameOf(bucket);
      const decision = takeTokens(fullAt.get(name), limit, 1, now.getTime());
      fullAt.set(name, decision.fullAt);
      return { decision, knownUntil: known ? (until.get(name) ?? 0) : 0 };
    },
    async remember(bucket, at, now) {
      until.set(nameOf(bucket), at.getTime());
      fullAt.set(nameOf(bucket), now.getTime());
    },
  };
}

interface World {
  readonly days: number;
  readonly prefixes: number;
  readonly accounts: number;
  readonly guesses: number;
  readonly limits?: LoginLimits;
  /** Whether prefixes that logged the owner in have buckets of their own. */
  readonly known?: boolean;
}

/** Guesses spread evenly over the days, from all prefixes alike, while the owner logs in as on any other day. */
async function attack({ days, prefixes, accounts, guesses, limits = loginLimits, known }: World) {
  let seed = SEED;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const repository = simulatedBuckets(known);
  const ctx = (now: number) => ({
    guesses: repository,
    loginLimits: limits,
    wallNow: new Date(now),
  });
  await rememberAttempt(ctx(T0), OWNER);

  const through = new Map<string, number>();
  let ownerRefused = 0;
  let ownerLogins = 0;
  const ownerEvery = Math.ceil(guesses / (days * OWNER_LOGINS_A_DAY));
  for (let n = 0; n < guesses; n += 1) {
    const now = T0 + Math.floor((n / guesses) * days * DAY);
    const target = Math.floor(random() * accounts);
    const prefix = Math.floor(random() * prefixes);
    const attempt = {
      email: target === 0 ? OWNER.email : `person-${target}@northwind.example`,
      clientAddress: `10.${prefix >> 8}.${prefix & 255}.${n & 255}`,
    };
    if ((await admitGuess(ctx(now), attempt)).kind === "admitted") {
      const day = `${attempt.email} ${Math.floor((now - T0) / DAY)}`;
      through.set(day, (through.get(day) ?? 0) + 1);
    }
    if (n % ownerEvery === 0) {
      ownerLogins += 1;
      // Every third time with a typing error first.
      for (let tries = ownerLogins % 3 === 0 ? 2 : 1; tries > 0; tries -= 1) {
        const { kind } = await admitGuess(ctx(now), OWNER);
        if (kind === "limited") ownerRefused += 1;
        else if (tries === 1) await rememberAttempt(ctx(now), OWNER);
      }
    }
  }
  const total = [...through.values()].reduce((sum, one) => sum + one, 0);
  return { worstDay: Math.max(...through.values()), total, ownerRefused, ownerLogins };
}

/** By hand: 20 at once and one each 15 minutes. */
const FIRST_DAY = 20 + 96;
const MILLION = figure(200_000, 1_000_000);

describe("a million guesses", () => {
  it.each([{ prefixes: 1 }, { prefixes: 100 }, { prefixes: 10_000 }])(
    "P-03 at one account from $prefixes networks let through at most 116 a day, and the owner every time",
    async ({ prefixes }) => {
      const guesses = Math.floor(MILLION / 4);
      const { worstDay, ownerRefused, ownerLogins } = await attack({
        ...{ prefixes, guesses, days: 10 },
        accounts: 1,
      });
      expect(worstDay, `seed ${SEED}`).toBeLessThanOrEqual(FIRST_DAY);
      expect(worstDay).toBeGreaterThan(90);
      expect(ownerLogins).toBe(10 * OWNER_LOGINS_A_DAY);
      expect(ownerRefused, `seed ${SEED}`).toBe(0);
    },
  );

  it("at all accounts of a tenant let through what its mail domain allows, and the owner every time", async () => {
    const guesses = Math.floor(MILLION / 4);
    const world = { prefixes: 10_000, accounts: 2_000, days: 1, guesses };
    const { total, ownerRefused } = await attack(world);
    expect(total, `seed ${SEED}`).toBeLessThanOrEqual(300 + 17_280);
    expect(total).toBeGreaterThan(17_000);
    expect(ownerRefused).toBe(0);
  });

  it("would let through many more without the account's bucket", async () => {
    const limits = { ...loginLimits, account: { ...loginLimits.account, burst: 1_000_000 } };
    const world = { prefixes: 10_000, accounts: 1, days: 10, guesses: 20_000, limits };
    expect((await attack(world)).worstDay).toBeGreaterThan(FIRST_DAY * 10);
  });

  it("would lock the owner out without buckets for the networks that know them", async () => {
    const world = { prefixes: 10_000, accounts: 1, days: 10, guesses: 20_000, known: false };
    expect((await attack(world)).ownerRefused).toBeGreaterThan(40);
  });
});
