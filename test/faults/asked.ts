import type { TestApi } from "@concord/local/testing";
import { ACME, TEST_PASSWORD, totpOf } from "@concord/local/testing";
import type { FilledTenant } from "../isolation/world.ts";
import { agreeWithPartner, askAsOwner } from "./asked-together.ts";
import { type Ask, asking } from "./asking.ts";

/**
 * Asks for what filling a tenant does not, each in a state in which it can be had.
 * @param api which sees every request
 * @returns what was refused, a line each
 */
export async function askTheRest(api: TestApi, filled: FilledTenant): Promise<readonly string[]> {
  const { adminToken, sides } = filled;
  const { ask, refused } = asking(api, adminToken);
  const [side] = sides;
  const { partnerId, partnerToken, partnership } = side;
  const { program, review, card } = partnership;
  const id = (kind: string): string => side.ids.get(kind)?.[0] ?? "";
  const post = (path: string, body?: unknown, more = {}) => ask("POST", path, body, more);
  const partner = `/partners/${partnerId}`;

  // The people who decide are those who can log in.
  const manager = await api.member(ACME, "partner-manager");
  const sponsor = await api.member(ACME, "executive-sponsor");
  const led = { partnerManagerId: manager.member.memberId };
  await ask(
    "PATCH",
    partner,
    { ...led, executiveSponsorId: sponsor.member.memberId },
    { of: partner },
  );

  const [metric] = card.metrics;
  const draft = (title: string) => ({
    ...{ cycleId: review.cycleId, title, summary: "Coaching" },
    budget: { amount: "5000.00", currency: "USD" },
    activities: [
      {
        ...{ title: "Workshop", type: "workshop", metricId: metric?.metricId, target: "55" },
        milestones: [{ title: "Held", dueOn: "2027-05-01" }],
      },
    ],
  });
  const submitted = async (title: string): Promise<string> => {
    const plan = await post(`${partner}/development-plans`, draft(title));
    const path = `/development-plans/${String(plan["planId"])}`;
    await ask("PATCH", path, { title: `${title} again` }, { of: path });
    await post(`${path}/accept`, undefined, { token: partnerToken, of: path });
    await post(`${path}/submit`, undefined, { of: path });
    return path;
  };
  const asManager = { token: manager.token };
  const returned = await submitted("To be returned");
  await post(`${returned}/return`, { comment: "Not yet" }, { ...asManager, of: returned });
  const rejected = await submitted("To be rejected");
  await post(`${rejected}/reject`, { comment: "No" }, { ...asManager, of: rejected });
  const approved = await submitted("To be approved");
  await post(`${approved}/approve`, {}, { ...asManager, of: approved });
  const reached = { activity: 0, milestone: 0, doneOn: "2027-01-14" };
  await post(`${approved}/milestones`, reached, { of: approved });

  const cadence = `${partner}/cadence/${program.programId}`;
  const changed = { cadence: "biannual", reason: "Calmer", endsOn: null };
  await ask("PUT", cadence, changed, { of: 0 });
  await ask("DELETE", cadence, undefined, { of: cadence });

  const roles = { members: ["owner", "admin"], partners: ["partner-exec", "partner-user"] };
  await ask(
    "PUT",
    "/confidentiality",
    {
      classes: { confidential: roles, restricted: roles },
      information: { "opportunity.amount": "confidential" },
      allowsAgreements: true,
      readsKeptDays: 365,
    },
    { of: 0 },
  );
  const secrecy = `${partner}/confidentiality`;
  const information = { "opportunity.amount": "restricted" };
  await ask("PUT", secrecy, { information }, { of: 0 });
  const goals = `${partner}/goals`;
  const goal = {
    ...{ title: "Grow", why: "More", startOn: "2027-01-01", dueOn: "2027-12-31" },
    owners: {
      vendor: manager.member.memberId,
      partner: partnership.partnerUsers.exec.partnerUserId,
    },
    milestones: [{ title: "Half", dueOn: "2027-06-30", side: "vendor" }],
  };
  const declined = `${goals}/${String((await post(goals, goal))["goalId"])}`;
  await post(`${declined}/proposals`, { ...goal, title: "Grow less" }, { of: declined });
  await post(`${declined}/decline`, { reason: "Too much" }, { token: partnerToken, of: declined });
  const agreed = await post(goals, { ...goal, title: "Win" });
  const agreedPath = `${goals}/${String(agreed["goalId"])}`;
  await post(`${agreedPath}/agree`, undefined, { token: partnerToken, of: 1 });
  const [, milestoneId] = /"milestoneId":"(\w+)"/.exec(JSON.stringify(agreed)) ?? [];
  const move = { doneOn: "2027-01-14" };
  await ask("PUT", `${agreedPath}/milestones/${milestoneId}`, move, { of: agreedPath });
  await post(`${agreedPath}/close`, { outcome: "dropped", reason: "No" }, { of: agreedPath });

  const invited = await post("/invitations", { email: "late@people.example", roles: ["viewer"] });
  const invitation = `/invitations/${String(invited["invitationId"])}`;
  await post(`${invitation}/resend`, undefined, { of: 1 });
  await post(`${invitation}/revoke`, undefined, { of: 2 });

  await post("/figure-imports", {
    csv: `partner,measure,month,value,of\n${side.canary},csat_percent,2026-12,70,12`,
  });
  const row = { partner: side.canary, partnerManager: manager.member.email, region: "East" };
  await ask("PUT", "/partners/team-list", { rows: [row] });
  const fact = `${partner}/opportunities/${id("opp")}`;
  await post(`${fact}/correct`, { reason: "Wrong", fields: { amount: "12.00" } }, { of: 1 });
  const elsewhere = { partnerId: sides[1].partnerId, reason: "Theirs" };
  await post(`${fact}/reattribute`, elsewhere, { of: 2 });
  await post(
    `${partner}/fact-reports/${id("frp")}/resolve`,
    { outcome: "declined", answer: "No" },
    { of: 1 },
  );
  const adjustment = { points: 1, reason: "Calibrated" };
  const scorecard = `/review-cycles/${review.cycleId}/scorecards/${partnerId}`;
  await post(`${scorecard}/adjust`, adjustment, { of: scorecard });

  await agreeWithPartner(api, filled, ask);
  await ask("PATCH", "/tenant", { name: "Acme again" }, { of: "/tenant" });
  await post(`/legal-holds/${id("hld")}/release`, { reason: "Over" }, { of: 1 });
  await askOfPeople(api, { ask, partner, partnerId });
  await askAsOwner(api, ask);
  return refused;
}

/** What people ask for themselves, and what becomes of those who go. */
async function askOfPeople(
  api: TestApi,
  {
    ask,
    partner,
    partnerId,
  }: {
    readonly ask: Ask;
    readonly partner: string;
    readonly partnerId: FilledTenant["sides"][0]["partnerId"];
  },
): Promise<void> {
  const post = (path: string, body?: unknown, more = {}) => ask("POST", path, body, more);
  const known = { currentPassword: TEST_PASSWORD };
  const stays = await api.member(ACME, "partner-manager");
  const goes = await api.member(ACME, "partner-manager");
  const other = await api.partnerUser(ACME, partnerId, "partner-exec");
  const leaves = await api.partnerUser(ACME, partnerId, "partner-exec");
  const erased = await api.partnerUser(ACME, partnerId, "partner-user");
  const self = await api.partnerUser(ACME, partnerId, "partner-user");

  const asStaying = { token: stays.token };
  // Whoever changes a proof is logged in elsewhere, where it ends.
  await api.logIn(stays.member.email, TEST_PASSWORD);
  const secondFactor = "/me/second-factor";
  const begun = await post(secondFactor, known, asStaying);
  const code = totpOf(String(begun["secret"]), api.wallNow);
  await post(`${secondFactor}/confirm`, { code }, asStaying);
  await post(`${secondFactor}/recovery-codes`, known, asStaying);
  await post(`${secondFactor}/end`, known, asStaying);

  const { token } = other;
  await api.logIn(other.partnerUser.email, TEST_PASSWORD);
  await api.logIn(other.partnerUser.email, TEST_PASSWORD);
  const { items } = await ask("GET", "/me/login-sessions", undefined, { token });
  const session = ((items ?? []) as { sessionId: string; isCurrent?: boolean }[]).find(
    ({ isCurrent }) => isCurrent !== true,
  );
  await post(`/me/login-sessions/${session?.sessionId}/end`, undefined, { token });
  const newPassword = "another password than before";
  await post("/me/password", { ...known, newPassword }, { token });
  await api.logIn(other.partnerUser.email, newPassword);
  await post("/me/login-sessions/end-all", undefined, { token });

  const user = (one: typeof leaves) => `${partner}/users/${one.partnerUser.partnerUserId}`;
  const { memberId } = stays.member;
  const member = `/members/${goes.member.memberId}`;
  await ask("PATCH", member, { displayName: "Somebody else" }, { of: 1 });
  await ask("PATCH", user(leaves), { displayName: "Somebody else" }, { of: 1 });
  await post(`${member}/handover`, { to: memberId });
  await post(`${user(leaves)}/handover`, { to: other.partnerUser.partnerUserId });
  await post(`${user(leaves)}/end`, undefined, { of: 2 });
  await post(`${member}/erase`, undefined, { of: 2 });
  await post(`${user(erased)}/erase`, undefined, { of: 1 });
  await post("/me/erase", { password: TEST_PASSWORD }, { token: self.token });
}
