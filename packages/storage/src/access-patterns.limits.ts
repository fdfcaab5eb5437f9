import { MemberId } from "@concord/core/id";
import { type GuessBucket, loginLimits } from "@concord/core/login-limit";
import { defaultLimits } from "@concord/core/rate-limit";
import type { Stores } from "./access-patterns.ts";
import { type Exercise, exercise, idOf, NOW } from "./access-patterns.ts";

const bucket = { principal: idOf(MemberId), rateClass: "write" } as const;
const takeOne = ({ tenant: { rateLimits } }: Stores) =>
  rateLimits.take(bucket, {
    limit: defaultLimits.write,
    wanted: 1,
    now: NOW.getTime(),
    seen: undefined,
  });

const pair: GuessBucket = { kind: "pair", isKnown: false, subject: "ada@northwind.example" };
const guess = ({ system: { guesses } }: Stores) => guesses.take(pair, loginLimits.pair, NOW);
const nothing = async () => undefined;

/** What keeps callers within their limits. */
export const limitExercises: readonly Exercise[] = [
  exercise("AP-220", nothing, takeOne),
  exercise("AP-221", takeOne, takeOne),
  exercise("AP-222", nothing, guess),
  exercise("AP-223", guess, guess),
  exercise("AP-224", guess, ({ system: { guesses } }) => guesses.remember(pair, NOW, NOW)),
];
