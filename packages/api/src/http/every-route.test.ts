import { type Actor, ApiKeyScope, holds, MemberRole, PartnerRole } from "@concord/core/actor";
import { ApiKeyId, MemberId, PersonId } from "@concord/core/id";
import { createPartner, type Partner } from "@concord/core/partner";
import { ACME, GLOBEX, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { accountManifest } from "../account-manifest.ts";
import { appManifest } from "../app-manifest.ts";
import { exampleOf } from "../docs/example.ts";
import type { OpenApi, Parameter, Schema } from "../docs/open-api.ts";
import { manifest } from "../manifest.ts";
import { openApiDocument } from "../openapi/document.ts";
import { createApp } from "./app.ts";
import type { ApiDependencies } from "./context.ts";
import type { RouteDefinition } from "./route.ts";

const CANARY = "canary-of-acme";
const document = openApiDocument(manifest) as unknown as OpenApi;
const definitions = manifest.routes.map(({ definition }) => definition);
const named = (list: readonly RouteDefinition[]) =>
  list.map((definition) => [definition.operationId, definition] as const);
const withBody = definitions.filter(({ request }) => request.body);
const versioned = definitions.filter(({ request }) => request.ifMatch);
const placed = definitions.filter(({ path }) => path.includes("{"));

const operationOf = ({ path, method }: RouteDefinition) => document.paths[`/v1${path}`]?.[method];
const exampleBody = (definition: RouteDefinition): Record<string, unknown> => {
  const content = operationOf(definition)?.requestBody?.content["application/json"];
  return exampleOf(content?.schema ?? {}, document.components.schemas) as Record<string, unknown>;
};

/** The address of a route with its parameters filled in, and the query it cannot do without. */
function addressOf(
  definition: RouteDefinition,
  ids: Readonly<Record<string, string>> = {},
): string {
  const parameters: readonly Parameter[] = operationOf(definition)?.parameters ?? [];
  const givenOf = ({ name = "", schema = {} }: Parameter): string =>
    ids[name] ?? String(exampleOf(schema as Schema, document.components.schemas));
  const inPlace = (place: string) => parameters.filter((one) => one.in === place);
  const path = inPlace("path").reduce(
    (address, one) => address.replace(`{${one.name}}`, givenOf(one)),
    definition.path,
  );
  const query = inPlace("query").filter(({ required }) => required);
  const search = new URLSearchParams(
    Object.fromEntries(query.map((one) => [one.name ?? "", givenOf(one)])),
  );
  return `/v1${path}${search.size > 0 ? `?${search}` : ""}`;
}

interface Caller {
  readonly actor: Actor;
  readonly token: string;
}

describe("every route of the manifest", () => {
  let api: TestApi;
  let acme: readonly Caller[];
  let globex: readonly Caller[];
  let ids: Record<string, string>;

  const partnerOf = (tenantId: typeof ACME, name: string): Promise<Partner> =>
    createPartner(api.store.asMember(tenantId, "admin"), {
      name,
      type: "reseller",
      lifecycleStage: "growing",
      region: name,
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });

  async function callersOf(tenantId: typeof ACME, partner: Partner): Promise<Caller[]> {
    const personId = api.store.mint(PersonId);
    const callers: Caller[] = [];
    for (const role of MemberRole.options) {
      const { member, token } =
        role === "owner"
          ? {
              member: undefined,
              token: await api.logIn(
                `owner@${tenantId === ACME ? "acme" : "globex"}.test`,
                TEST_PASSWORD,
              ),
            }
          : await api.member(tenantId, role);
      const memberId = member?.memberId ?? ("mem_" as never);
      callers.push({ token, actor: { kind: "member", personId, memberId, roles: [role] } });
    }
    for (const role of PartnerRole.options) {
      const { partnerUser, token } = await api.partnerUser(tenantId, partner.partnerId, role);
      const { partnerUserId, partnerId } = partnerUser;
      const actor = { kind: "partner-user", personId, partnerUserId, partnerId } as const;
      callers.push({ token, actor: { ...actor, roles: [role] } });
    }
    return [...callers, ...(await keysOf(callers[0]?.token ?? ""))];
  }

  /** One key of each scope, made by this owner and used once, so that its use is noted already. */
  async function keysOf(token: string): Promise<Caller[]> {
    const callers: Caller[] = [];
    for (const scope of ApiKeyScope.options) {
      const body = { name: scope, scopes: [scope], lifetimeDays: 1 };
      const issued = await api.request("/v1/api-keys", { token, body });
      const { key, apiKeyId, issuedBy } = (await issued.json()) as Record<string, string>;
      if (!key) throw new Error(`no key of ${scope}`);
      expect((await api.request("/v1/me", { token: key })).status).toBe(403);
      const ids = { apiKeyId: ApiKeyId.parse(apiKeyId), issuedBy: MemberId.parse(issuedBy) };
      const actor = { kind: "api-key", ...ids, issuerRoles: ["owner"], scopes: [scope] } as const;
      callers.push({ token: key, actor });
    }
    return callers;
  }

  const permitted = (callers: readonly Caller[], { permission }: RouteDefinition): Caller => {
    const caller = callers.find(({ actor }) => holds(actor, permission));
    if (!caller) throw new Error(`nobody holds ${permission}`);
    return caller;
  };

  /** Sends a request that is right in everything that the test does not change. */
  async function send(
    definition: RouteDefinition,
    {
      token,
      address = addressOf(definition),
      body = definition.request.body ? exampleBody(definition) : undefined,
      headers = definition.request.ifMatch ? { "If-Match": '"1"' } : {},
    }: {
      token?: string | undefined;
      address?: string;
      body?: unknown;
      headers?: Record<string, string>;
    },
  ) {
    const response = await api.request(address, {
      method: definition.method.toUpperCase(),
      token,
      body,
      headers,
    });
    expect(response.headers.get("Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
    const text = await response.text();
    if (response.status >= 400) {
      expect(response.headers.get("Content-Type")).toBe("application/problem+json");
      expect(JSON.parse(text)).toMatchObject({
        status: response.status,
        requestId: response.headers.get("Request-Id"),
        code: expect.stringMatching(/^[a-z-]+$/),
      });
    }
    expect(response.status).toBeLessThan(500);
    return { response, text, problem: () => JSON.parse(text) as Record<string, unknown> };
  }

  beforeAll(async () => {
    api = await testApi();
    expect((await api.request("/readyz")).status).toBe(200);
    const ours = await partnerOf(ACME, CANARY);
    const theirs = await partnerOf(GLOBEX, "Of Globex");
    acme = await callersOf(ACME, ours);
    globex = await callersOf(GLOBEX, theirs);
    const memberId = acme
      .map(({ actor }) => (actor.kind === "member" ? actor.memberId : ""))
      .find((id) => id.length > 4);
    const partnerUserId = acme
      .map(({ actor }) => (actor.kind === "partner-user" ? actor.partnerUserId : ""))
      .find((id) => id !== "");
    ids = {
      partnerId: ours.partnerId,
      memberId: memberId ?? "",
      partnerUserId: partnerUserId ?? "",
    };
  });

  it("is looked at here", () => {
    expect(definitions.length).toBeGreaterThan(20);
    expect(withBody.length).toBeGreaterThan(5);
    expect(versioned.length).toBeGreaterThan(5);
    expect(placed.length).toBeGreaterThan(10);
  });

  it("is all that the router knows", () => {
    const deps = { allowedOrigins: [] } as unknown as ApiDependencies<never>;
    const known = [createApp(deps, appManifest), createApp(deps, accountManifest)]
      .flatMap(({ routes }) => routes)
      .filter(({ method }) => method !== "ALL");
    const declared = [
      ...manifest.publicRoutes.map(({ method, path }) => `${method.toUpperCase()} ${path}`),
      ...definitions.map(({ method, path }) => `${method.toUpperCase()} /v1${path}`),
    ].map((one) => one.replaceAll(/\{(\w+)\}/g, ":$1"));
    expect(known.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(declared.sort());
  });

  it("has an operation id of its own", () => {
    const names = [...definitions, ...manifest.publicRoutes].map(({ operationId }) => operationId);
    expect(names).toEqual([...new Set(names)]);
  });

  it("is the only way in: nothing but the listed routes answers without a token", () => {
    expect(manifest.publicRoutes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      "get /.well-known/jwks.json",
      "get /.well-known/oauth-authorization-server",
      "get /docs",
      "get /livez",
      "get /openapi.json",
      "get /readyz",
      "get /tickz",
      "get /v1/login/sso/callback",
      "get /v1/login/sso/start",
      "post /v1/billing/stripe/events",
      "post /v1/invitations/accept",
      "post /v1/login",
      "post /v1/login/link",
      "post /v1/login/link/redeem",
      "post /v1/login/refresh",
      "post /v1/login/second-factor",
      "post /v1/login/sso/redeem",
      "post /v1/logout",
      "post /v1/sign-ups",
      "post /v1/sign-ups/confirm",
    ]);
  });

  it.each(named(definitions))(
    "P-05 %s refuses no token and a wrong one with 401",
    async (_, one) => {
      const without = await send(one, {});
      expect(without.response.status).toBe(401);
      expect(without.response.headers.get("WWW-Authenticate")).toBe('Bearer realm="concord"');
      const garbage = await send(one, { token: "garbage" });
      expect(garbage.response.status).toBe(401);
      expect(garbage.response.headers.get("WWW-Authenticate")).toContain('error="invalid_token"');
      expect(api.log.at(-1)).toMatchObject({ writeUnits: 0 });
    },
  );

  it.each(named(versioned))("%s asks for If-Match with 428", async (_, one) => {
    const { token } = permitted(acme, one);
    const { response, problem } = await send(one, { token, headers: {} });
    expect(response.status).toBe(428);
    expect(problem()["code"]).toBe("version-required");
  });

  it.each(named(withBody))(
    "%s refuses an unknown member of the body by its pointer",
    async (_, one) => {
      const { token } = permitted(acme, one);
      const body = { ...exampleBody(one), nobodyKnowsThis: 1 };
      const { response, problem } = await send(one, { token, body });
      expect(response.status).toBe(400);
      const { errors } = problem() as { errors: { pointer: string }[] };
      expect(errors.map(({ pointer }) => pointer)).toContain("/nobodyKnowsThis");
    },
  );

  it.each(named(withBody))(
    "%s refuses what is no JSON, of another type, or too large",
    async (_, one) => {
      const { token } = permitted(acme, one);
      const version: Record<string, string> = one.request.ifMatch ? { "If-Match": '"1"' } : {};
      const broken = await send(one, { token, body: "{" });
      expect(broken.response.status).toBe(400);
      const typed = await send(one, {
        token,
        body: "<a/>",
        headers: { ...version, "Content-Type": "application/xml" },
      });
      expect(typed.response.status).toBe(415);
      const large = await send(one, {
        token,
        body: JSON.stringify({ text: "x".repeat(1_000_001) }),
      });
      expect(large.response.status).toBe(413);
      const deep = await send(one, { token, body: `${"[".repeat(50_000)}${"]".repeat(50_000)}` });
      expect(deep.response.status).toBe(400);
      const halved = await send(one, { token, body: String.raw`{"text":"\ud800"}` });
      expect(halved.problem()).toMatchObject({ status: 400, errors: [{ pointer: "/text" }] });
    },
  );

  it.each(named(placed))(
    "%s answers another tenant's object as it answers a missing one",
    async (_, one) => {
      const { token } = permitted(globex, one);
      const foreign = await send(one, { token, address: addressOf(one, ids) });
      const missing = await send(one, { token });
      const told = ({ problem, text, response }: typeof foreign) => {
        if (response.status < 400) return text;
        const { requestId: _id, instance: _instance, ...rest } = problem();
        return rest;
      };
      expect(foreign.response.status).toBe(missing.response.status);
      expect(told(foreign)).toEqual(told(missing));
      if (one.method !== "get") expect(foreign.response.status).toBeGreaterThanOrEqual(400);
    },
  );

  it.each(named(definitions.filter(({ method }) => method === "get")))(
    "%s shows nobody of another tenant a byte of ours",
    async (_, one) => {
      for (const { token, actor } of globex.filter((caller) =>
        holds(caller.actor, one.permission),
      )) {
        const { text } = await send(one, { token, address: addressOf(one, ids) });
        expect(text, actor.kind).not.toContain(CANARY);
        expect(text, actor.kind).not.toContain("acme.test");
      }
    },
  );

  it.each([...Map.groupBy(definitions, ({ path }) => path)])(
    "%s refuses any other method with 405 and names the right ones",
    async (_, ofPath) => {
      const [first] = ofPath;
      if (!first) throw new Error("no route");
      const allowed = ofPath.map(({ method }) => method.toUpperCase());
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
        if (allowed.includes(method)) continue;
        const response = await api.request(addressOf(first), { method });
        expect(response.status).toBe(405);
        const named = (response.headers.get("Allow") ?? "").split(", ");
        expect(named.filter((name) => name !== "HEAD").sort()).toEqual([...allowed].sort());
        expect(response.headers.get("Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
      }
    },
  );

  it("answers to its role: the canary is there for the tenant's own people", async () => {
    const list = definitions.find(({ operationId }) => operationId === "listPartners");
    if (!list) throw new Error("no such route");
    const { text } = await send(list, { token: permitted(acme, list).token });
    expect(text).toContain(CANARY);
  });

  it("logs one line each, by its pattern, without token, address or name", () => {
    const lines = JSON.stringify(api.log);
    expect(api.log.length).toBeGreaterThan(definitions.length * 3);
    for (const { token } of [...acme, ...globex]) expect(lines).not.toContain(token);
    for (const secret of ["@", CANARY, TEST_PASSWORD]) {
      expect(lines).not.toContain(secret);
    }
    const patterns = new Set(api.log.map(({ route }) => route));
    for (const { path } of definitions) expect(patterns).toContain(`/v1${path}`);
  });
});
