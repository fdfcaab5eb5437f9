import { LoginSessionId, MemberId, PersonId } from "@concord/core/id";
import type { SecondFactor } from "@concord/core/second-factor";
import { securityEvent } from "@concord/core/security-event";
import {
  AT,
  type Exercise,
  exercise,
  FIRST_PAGE,
  idOf,
  LATER,
  NOW,
  type Stores,
  TENANT,
} from "./access-patterns.ts";
import { loginSession, newMember } from "./people-values.ts";

const open = ({ tenant: { loginSessions } }: Stores) => loginSessions.create(loginSession());
const openTwo = async (stores: Stores) => {
  await open(stores);
  const second = { ...loginSession(), sessionId: idOf(LoginSessionId, 2) };
  await stores.tenant.loginSessions.create(second);
};

const factor = (version: number): SecondFactor => ({
  status: "active",
  personId: idOf(PersonId),
  sealedSecret: "s".repeat(80),
  lastStep: 59_000_000,
  recoveryHashes: Array.from({ length: 10 }, () => "h".repeat(43)),
  version,
  createdAt: AT,
  confirmedAt: AT,
});
const happened = securityEvent(
  "second-factor-removed",
  { personId: idOf(PersonId), client: "Firefox 142 on Windows" },
  NOW,
);
const saveFactor = ({ system: { secondFactors } }: Stores) => secondFactors.save(factor(1));
const CHALLENGE = "c".repeat(43);
const addChallenge = ({ system: { loginChallenges } }: Stores) =>
  loginChallenges.add({
    challengeHash: CHALLENGE,
    personId: idOf(PersonId),
    tenantId: TENANT,
    membershipId: idOf(MemberId),
    partnerId: null,
    method: "password",
    client: "Firefox 142 on Windows",
    expiresAt: LATER,
  });

export const loginExercises: readonly Exercise[] = [
  exercise(
    "AP-430",
    ({ tenant: { members } }) => members.add(newMember()),
    ({ tenant: { loginSessions } }) => loginSessions.createWhile(loginSession(), 1),
  ),
  exercise("AP-200", open, ({ tenant: { loginSessions } }) =>
    loginSessions.rotate({ ...loginSession(), generation: 1 }),
  ),
  exercise("AP-201", openTwo, ({ tenant: { loginSessions } }) =>
    loginSessions.listOf(idOf(MemberId)),
  ),
  exercise("AP-202", openTwo, ({ tenant: { loginSessions } }) =>
    loginSessions.endAllOf(idOf(MemberId)),
  ),
  exercise("AP-411", open, ({ tenant: { loginSessions } }) =>
    loginSessions.factorShown(idOf(MemberId), idOf(LoginSessionId)),
  ),
  exercise("AP-412", saveFactor, ({ system: { secondFactors } }) =>
    secondFactors.get(idOf(PersonId)),
  ),
  exercise("AP-413", saveFactor, ({ system: { secondFactors } }) => secondFactors.save(factor(2))),
  exercise("AP-414", saveFactor, ({ system: { secondFactors } }) =>
    secondFactors.remove(idOf(PersonId), happened),
  ),
  exercise(
    "AP-406",
    async () => undefined,
    ({ system: { securityEvents } }) => securityEvents.add(happened),
  ),
  exercise(
    "AP-407",
    ({ system: { securityEvents } }) => securityEvents.add(happened),
    ({ system: { securityEvents } }) => securityEvents.listOf(idOf(PersonId), FIRST_PAGE),
  ),
  exercise(
    "AP-408",
    ({ tenant: { members } }) => members.add(newMember()),
    ({ system: { people } }) =>
      people.save(
        {
          ...{ personId: idOf(PersonId), email: "ada.1@northwind.example" },
          ...{ passwordHash: "$argon2id$…", version: 2, createdAt: AT },
        },
        happened,
      ),
  ),
  exercise("AP-409", saveFactor, ({ system: { secondFactors } }) =>
    secondFactors.save(factor(2), happened),
  ),
  exercise("AP-415", async () => undefined, addChallenge),
  exercise("AP-416", addChallenge, ({ system: { loginChallenges } }) =>
    loginChallenges.find(CHALLENGE),
  ),
  exercise("AP-417", addChallenge, ({ system: { loginChallenges } }) =>
    loginChallenges.take(CHALLENGE),
  ),
];
