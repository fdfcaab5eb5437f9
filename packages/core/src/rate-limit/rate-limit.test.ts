import { describe, expect, it } from "vitest";
import { takeTokens } from "./rate-limit.ts";
import type { Limit } from "./schema.ts";

const T0 = Date.parse("2027-01-15T12:00:00.000Z");
/** Three at once, then one a second. */
const limit: Limit = { burst: 3, emissionMilliseconds: 1_000, lease: 1 };

describe("a rate bucket", () => {
  it.each([
    { name: "never used: one of three", fullAt: undefined, kind: "taken", to: 1_000 },
    { name: "full again long ago", fullAt: T0 - 9_999, kind: "taken", to: 1_000 },
    { name: "one token spent", fullAt: T0 + 1_000, kind: "taken", to: 2_000 },
    { name: "one token left", fullAt: T0 + 2_000, kind: "taken", to: 3_000 },
    { name: "half a token left", fullAt: T0 + 2_500, kind: "refused", to: 2_500 },
    { name: "empty", fullAt: T0 + 3_000, kind: "refused", to: 3_000 },
    { name: "written by a clock that was set back", fullAt: T0 + 70_000, kind: "taken", to: 1_000 },
  ])("$name is $kind", ({ fullAt, kind, to }) => {
    expect(takeTokens(fullAt, limit, 1, T0)).toMatchObject({ kind, fullAt: T0 + to });
  });

  it("says after how many milliseconds the next token is there, and then it is", () => {
    const refused = takeTokens(T0 + 2_500, limit, 1, T0);
    expect(refused).toEqual({ kind: "refused", fullAt: T0 + 2_500, retryAfterMilliseconds: 500 });
    expect(takeTokens(T0 + 2_500, limit, 1, T0 + 499).kind).toBe("refused");
    expect(takeTokens(T0 + 2_500, limit, 1, T0 + 500).kind).toBe("taken");
  });

  it("gives a lease as asked, but never more than an eighth of what is left, and at least one", () => {
    const wide: Limit = { burst: 600, emissionMilliseconds: 50, lease: 50 };
    const tokensOf = (left: number) => takeTokens(T0 + (600 - left) * 50, wide, 50, T0);
    expect(tokensOf(600)).toMatchObject({ tokens: 50 });
    expect(tokensOf(400)).toMatchObject({ tokens: 50 });
    expect(tokensOf(80)).toMatchObject({ tokens: 10 });
    expect(tokensOf(3)).toMatchObject({ tokens: 1 });
    expect(tokensOf(0)).toMatchObject({ kind: "refused" });
  });

  it("never lets through more than the burst and one per interval, whatever comes when", () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const taken: number[] = [];
    let fullAt: number | undefined;
    for (let now = T0, n = 0; n < 5_000; n += 1) {
      now += Math.floor(random() ** 4 * 4_000);
      const decision = takeTokens(fullAt, limit, 1, now);
      if (decision.kind === "taken") taken.push(now);
      fullAt = decision.fullAt;
    }
    expect(taken.length).toBeGreaterThan(1_000);
    const most = taken.map((first, from) =>
      Math.max(
        ...taken.slice(from, from + 50).map((at, after) => after + 1 - (at - first) / 1_000),
      ),
    );
    expect(Math.max(...most), "seed 7").toBeLessThanOrEqual(3);
  });
});
