import { createServer } from "node:http";
import { addMember } from "@concord/core/member";
import { ACME, GLOBEX, TEST_PASSWORD, type TestApi } from "@concord/local/testing";
import type { FilledTenant } from "../isolation/world.ts";
import type { Ask } from "./asking.ts";

/** What is agreed between two: secrecy, targets, moderators, the session and its signatures, and what follows for the tier. */
export async function agreeWithPartner(
  api: TestApi,
  { sides: [side] }: FilledTenant,
  ask: Ask,
): Promise<void> {
  const { partnerId, partnerToken, partnership } = side;
  const { program, review, card, members } = partnership;
  const post = (path: string, body?: unknown, more = {}) => ask("POST", path, body, more);
  const asPartner = { token: partnerToken };
  const partner = `/partners/${partnerId}`;

  const secrecy = `${partner}/confidentiality`;
  const agreement = { information: { "opportunity.amount": "internal" }, reason: "They asked" };
  await post(`${secrecy}/agreement`, agreement, { of: secrecy });
  await post(`${secrecy}/agreement/acknowledge`, undefined, { ...asPartner, of: secrecy });
  await post(`${secrecy}/agreement/end`, undefined, { of: secrecy });

  const [metric] = card.metrics;
  const targets = `${partner}/targets/${program.programId}/2027-Q4`;
  await post(`${targets}/acknowledge`, undefined, { ...asPartner, of: targets });
  await ask("PUT", `/programs/${program.programId}/targets/2027-Q3`, {
    csv: `partner,metric_id,target,floor\n${side.canary},${metric?.metricId},88888,1`,
    isDryRun: false,
  });
  const supposed = { targets: [{ metricId: metric?.metricId, target: 77_777 }] };
  await post(`${partner}/scorecards/${review.period}/what-if`, supposed);

  const admin = await api.member(ACME, "admin");
  const moderator = `/members/${members.manager.memberId}/moderator-proposal`;
  await post(`${moderator}/confirm`, undefined, { token: admin.token, of: moderator });

  const meeting = `/review-cycles/${review.cycleId}/reviews/${partnerId}`;
  const session = `${meeting}/session`;
  const { agenda } = await ask("GET", session);
  const owner = { kind: "member", memberId: members.manager.memberId };
  const action = { text: "To be done", owner, dueOn: "2027-05-01" };
  for (const { agendaItemId } of agenda as { agendaItemId: string }[]) {
    await ask("PATCH", `${session}/agenda/${agendaItemId}`, { action }, { of: session });
  }
  const { version: sessionVersion } = await post(`${session}/close`, undefined, { of: session });
  const scorecard = await ask("GET", `/review-cycles/${review.cycleId}/scorecards/${partnerId}`);
  const signed = { sessionVersion, scorecardRevision: scorecard["revision"] };
  await post(`${meeting}/sign`, signed, { ...asPartner, of: meeting });
  await post(`${partner}/tiers/${program.programId}/evaluate`);
}

/** What asks another service, or ends or begins all of a tenant. */
export async function askAsOwner(api: TestApi, ask: Ask): Promise<void> {
  const post = (path: string, body?: unknown, more = {}) => ask("POST", path, body, more);
  const { member, token } = await api.member(ACME, "owner");
  const newcomer = { email: member.email, displayName: "Of both" };
  const elsewhere = await addMember(api.store.asSystem(GLOBEX), {
    ...newcomer,
    ...{ roles: ["viewer"], initialPassword: TEST_PASSWORD },
  });
  await post("/login/switch", { membershipId: elsewhere.memberId }, { token });

  const returnTo = "https://console.concord.test/billing";
  await post("/subscription/checkout", { edition: "growth", returnTo }, { token });
  await post("/subscription/portal", { returnTo }, { token });

  const { issuer, close } = await identityProvider();
  const connection = { issuer, clientId: "concord", clientSecret: "a secret", isRequired: false };
  await post("/single-sign-on", connection, { token });
  const changed = { clientSecret: "another secret" };
  await ask("PATCH", "/single-sign-on", changed, { token, of: "/single-sign-on" });
  close();

  const tenantName = String((await ask("GET", "/tenant", undefined, { token }))["name"]);
  await post("/tenant/close", { tenantName }, { token, of: "/subscription" });
  await post("/tenant/reopen", undefined, { token, of: "/subscription" });
}

/** A provider that can be found, and does nothing more. */
async function identityProvider(): Promise<{ issuer: string; close: () => unknown }> {
  let issuer = "";
  const server = createServer((_, answer) => {
    answer.setHeader("Content-Type", "application/json").end(
      JSON.stringify({
        ...{ issuer, authorization_endpoint: `${issuer}/authorize` },
        ...{ token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` },
      }),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  return { issuer, close: () => server.close() };
}
