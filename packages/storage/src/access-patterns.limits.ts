import { MemberId } from "@concord/core/id";
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
const nothing = async () => undefined;

/** What keeps callers within their limits. */
export const limitExercises: readonly Exercise[] = [
  exercise("AP-220", nothing, takeOne),
  exercise("AP-221", takeOne, takeOne),
];
