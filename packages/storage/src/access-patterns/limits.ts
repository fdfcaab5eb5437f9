import { LoginLinkId, MemberId, PersonId } from "@concord/core/id";
import { type GuessBucket, loginLimits } from "@concord/core/login-limit";
import { defaultLimits } from "@concord/core/rate-limit";
import type { Stores } from "./access-patterns.ts";
import { AT, type Exercise, exercise, idOf, LATER, NOW } from "./access-patterns.ts";
import { newMember } from "./people-values.ts";

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
const addLink = ({ system: { loginLinks } }: Stores) =>
  loginLinks.add({
    ...{ linkId: idOf(LoginLinkId), personId: idOf(PersonId), tokenHash: "0".repeat(43) },
    ...{ createdAt: AT, expiresAt: LATER },
  });
const nothing = async () => undefined;

/** What keeps callers within their limits. */
export const limitExercises: readonly Exercise[] = [
  exercise("AP-220", nothing, takeOne),
  exercise("AP-221", takeOne, takeOne),
  exercise("AP-222", nothing, guess),
  exercise("AP-223", guess, guess),
  exercise(
    "AP-225",
    ({ tenant: { members } }) => members.add(newMember()),
    ({ system: { people } }) =>
      people.save({
        ...{ personId: idOf(PersonId), email: "ada.1@northwind.example" },
        ...{ passwordHash: "$argon2id$…", version: 2, createdAt: AT },
      }),
  ),
  exercise("AP-226", nothing, addLink),
  exercise("AP-227", addLink, ({ system: { loginLinks } }) => loginLinks.get(idOf(LoginLinkId))),
  exercise("AP-228", addLink, ({ system: { loginLinks } }) =>
    loginLinks.use(idOf(LoginLinkId), NOW),
  ),
  exercise("AP-224", guess, ({ system: { guesses } }) => guesses.remember(pair, NOW, NOW)),
];
