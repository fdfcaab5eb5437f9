import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ForgingProvider,
  startForgingProvider,
} from "../../packages/api/src/single-sign-on/forging-provider.fixture.ts";
import { readMail } from "../../packages/local/src/demo/read-mail.ts";
import { type LocalRuntime, startRuntime } from "../../packages/local/src/runtime/start-runtime.ts";
import { temporaryFolder } from "./child.fixture.ts";

type Body = Record<string, unknown>;

const PASSWORD = "a password of this journey";
const [OWNER, OTHER_OWNER, ADA] = ["owner@acme.test", "owner@globex.test", "ada@people.test"];
/** S256 of the verifier of RFC 7636, appendix B. */
const [VERIFIER, CHALLENGE] = [
  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
  "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
];

describe("a person of two tenants on the running service", () => {
  const { path, remove } = temporaryFolder();
  let runtime: LocalRuntime;
  let provider: ForgingProvider;
  let acme: string;
  beforeAll(async () => {
    runtime = await startRuntime({ folder: path, background: false });
    provider = await startForgingProvider();
    const tenantOf = async (name: string, email: string) => {
      const { tenant } = await runtime.createTenant({
        tenant: { name, timeZone: "America/Chicago", fiscalYearStartMonth: 1, currency: "USD" },
        owner: { email, displayName: `Owner of ${name}`, initialPassword: PASSWORD },
      });
      return tenant.tenantId;
    };
    acme = await tenantOf("Acme", OWNER);
    await tenantOf("Globex", OTHER_OWNER);
  }, 120_000);
  afterAll(async () => {
    await provider.stop();
    await runtime.stop();
    remove();
  });

  const ask = (
    at: string,
    {
      token,
      body,
      headers,
      method,
    }: { token?: string; body?: unknown; headers?: Record<string, string>; method?: string } = {},
  ) =>
    fetch(new URL(at, runtime.url), {
      method: method ?? (body === undefined ? "GET" : "POST"),
      redirect: "manual",
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const answered = async (status: number, response: Promise<Response>): Promise<Body> => {
    const answer = await response;
    const text = await answer.text();
    expect(answer.status, text).toBe(status);
    return JSON.parse(text) as Body;
  };
  const tokenOf = ({ accessToken }: Body): string => String(accessToken);
  const byPassword = (email: string, tenantId?: string) =>
    ask("/v1/login", { body: { email, password: PASSWORD, ...(tenantId ? { tenantId } : {}) } });
  const inviteAda = async (owner: string, role: string): Promise<string> => {
    const token = tokenOf(await answered(200, byPassword(owner)));
    const { invitationId } = await answered(
      201,
      ask("/v1/invitations", { token, body: { email: ADA, roles: [role] } }),
    );
    await runtime.settle();
    const mails = await Promise.all(
      (await runtime.outbox.list()).map(async ({ mailId }) =>
        readMail((await runtime.outbox.read(mailId)) ?? ""),
      ),
    );
    const { text } = mails.findLast((mail) => mail.text.includes(String(invitationId))) ?? {};
    const mailed = /ten_\w{26}\.\w{3}_\w{26}\.[\w-]{43}/.exec(text ?? "")?.[0];
    return mailed ?? expect.fail(`no token in ${JSON.stringify(mails)}`);
  };

  it("P-02 P-03 P-04 joins by mail, comes in by password, switch and single sign-on, and acts with the rights of now", async () => {
    const accept = (token: string, more: Body = {}) =>
      ask("/v1/invitations/accept", { body: { token, displayName: "Ada", ...more } });
    await answered(200, accept(await inviteAda(OWNER, "admin"), { password: PASSWORD }));
    await answered(200, accept(await inviteAda(OTHER_OWNER, "viewer")));

    await answered(409, byPassword(ADA));
    const first = await answered(200, byPassword(ADA, acme));
    const { items } = await answered(200, ask("/v1/me/memberships", { token: tokenOf(first) }));
    const there = (items as Body[]).find(({ tenantName }) => tenantName === "Globex");
    const membershipId = String(there?.["membershipId"]);
    const switched = await answered(
      200,
      ask("/v1/login/switch", { token: tokenOf(first), body: { membershipId } }),
    );
    expect(switched).toMatchObject({ tenant: { name: "Globex" }, actor: { roles: ["viewer"] } });

    const key = await answered(
      201,
      ask("/v1/api-keys", {
        token: tokenOf(first),
        body: { name: "Feed", scopes: ["opportunities:write"], lifetimeDays: 30 },
      }),
    );
    const announce = (sourceId: unknown) =>
      ask("/v1/imports", { token: String(key["key"]), body: { sourceId, fileName: "deals.csv" } });
    const { sourceId } = await answered(
      201,
      ask("/v1/sources", { token: tokenOf(first), body: { name: "CRM", currency: "USD" } }),
    );
    await answered(201, announce(sourceId));

    const owner = tokenOf(await answered(200, byPassword(OWNER)));
    const { issuer, clientId, clientSecret } = provider;
    await answered(
      201,
      ask("/v1/single-sign-on", {
        token: owner,
        body: { issuer, clientId, clientSecret, isRequired: true },
      }),
    );
    expect((await answered(403, byPassword(ADA, acme)))["code"]).toBe("sso-required");
    provider.claims = { sub: "ada", email: ADA };
    const begun = await ask(`/v1/login/sso/start?tenant=${acme}&challenge=${CHALLENGE}`);
    const [cookie = ""] = (begun.headers.get("Set-Cookie") ?? "").split(";");
    const back = new URL(provider.logIn(begun.headers.get("Location") ?? ""));
    const { code } = await answered(200, ask(back.href, { headers: { Cookie: cookie } }));
    const sso = await answered(
      200,
      ask("/v1/login/sso/redeem", { body: { code, verifier: VERIFIER } }),
    );
    expect(sso).toMatchObject({ tenant: { name: "Acme" }, actor: { roles: ["admin"] } });
    await answered(403, ask("/v1/login/switch", { token: tokenOf(sso), body: { membershipId } }));

    const { actor } = await answered(200, ask("/v1/me", { token: tokenOf(sso) }));
    await answered(
      200,
      ask(`/v1/members/${String((actor as Body)["membershipId"])}`, {
        method: "PATCH",
        token: owner,
        body: { roles: ["viewer"] },
        headers: { "If-Match": '"1"' },
      }),
    );
    // Demoted: both open sessions and the key she made lose it with the next request.
    for (const session of [first, sso]) {
      await answered(403, ask("/v1/api-keys", { token: tokenOf(session) }));
    }
    await answered(403, announce(sourceId));
    await answered(200, ask("/v1/me", { token: tokenOf(switched) }));
  }, 120_000);
});
