import { LoginSessionId, MemberId } from "@concord/core/id";
import { type Exercise, exercise, idOf, type Stores } from "./access-patterns.ts";
import { loginSession } from "./access-patterns.values.ts";

const open = ({ tenant: { loginSessions } }: Stores) => loginSessions.create(loginSession());
const openTwo = async (stores: Stores) => {
  await open(stores);
  const second = { ...loginSession(), sessionId: idOf(LoginSessionId, 2) };
  await stores.tenant.loginSessions.create(second);
};

export const loginExercises: readonly Exercise[] = [
  exercise("AP-200", open, ({ tenant: { loginSessions } }) =>
    loginSessions.rotate({ ...loginSession(), generation: 1 }),
  ),
  exercise("AP-201", openTwo, ({ tenant: { loginSessions } }) =>
    loginSessions.listOf(idOf(MemberId)),
  ),
  exercise("AP-202", openTwo, ({ tenant: { loginSessions } }) =>
    loginSessions.endAllOf(idOf(MemberId)),
  ),
];
