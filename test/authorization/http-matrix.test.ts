import { manifest } from "@concord/api";
import { ApiKeyScope, MemberRole, PartnerRole } from "@concord/core/actor";
import { begin, happen, type SubscriptionState } from "@concord/core/edition";
import { endMember } from "@concord/core/member";
import { ACME, figure, NOON, seeded } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { type Arena, foreignId, openArena, ownId, SEED } from "../isolation/arena.ts";
import { type Attack, attackOn } from "../isolation/attack.ts";
import type { Side } from "../isolation/world.ts";
import { expected, kept, letters, scopes } from "./expected.ts";

type Definition = (typeof manifest.routes)[number]["definition"];
type Decision = "allowed" | "denied" | "not logged in" | "read only" | "closed" | "a failure";

interface Caller {
  readonly name: string;
  readonly token: string;
  /** Whether the hand-written table lets them, in a tenant that stands well. */
  readonly may: (permission: string) => boolean;
}

const SYSTEM = { kind: "system", name: "bootstrap" } as const;
const definitions = manifest.routes.map(({ definition }) => definition);
const letterOf = (role: string): string =>
  Object.entries(letters).find(([, name]) => name === role)?.[0] ?? "?";
const roleMay =
  (role: string) =>
  (permission: string): boolean =>
    expected[permission]?.includes(letterOf(role)) ?? false;
const scopeMay =
  (scope: string) =>
  (permission: string): boolean =>
    (scopes[scope]?.includes(permission) ?? false) && roleMay("owner")(permission);

const codes: Readonly<Record<string, Decision>> = {
  "permission-denied": "denied",
  unauthenticated: "not logged in",
  "tenant-suspended": "read only",
  "tenant-closed": "closed",
};

function decisionOf(status: number, text: string): Decision {
  if (status >= 500) return "a failure";
  if (status < 400) return "allowed";
  return codes[(JSON.parse(text) as { code: string }).code] ?? "allowed";
}

/** The table in words: rights come first, then where the tenant stands. */
function decisionFor(caller: Caller, definition: Definition, state: SubscriptionState): Decision {
  if (!caller.may(definition.permission)) return "denied";
  if (kept.includes(definition.operationId)) return "allowed";
  if (state === "closed") return "closed";
  return state === "suspended" && definition.method !== "get" ? "read only" : "allowed";
}

describe("who may do what over HTTP", () => {
  let arena: Arena;
  let callers: readonly Caller[];
  let own: Side;
  let cells = 0;

  beforeAll(async () => {
    arena = await openArena();
    const { api, acme } = arena;
    [own] = acme.sides;
    const made: Caller[] = [];
    for (const role of MemberRole.options) {
      const { token } = await api.member(ACME, role);
      made.push({ name: role, token, may: roleMay(role) });
    }
    for (const role of PartnerRole.options) {
      const { token } = await api.partnerUser(ACME, own.partnerId, role);
      made.push({ name: role, token, may: roleMay(role) });
    }
    const owner = made.find(({ name }) => name === "owner")?.token;
    for (const scope of ApiKeyScope.options) {
      const body = { name: scope, scopes: [scope], lifetimeDays: 1 };
      const issued = await api.request("/v1/api-keys", { token: owner, body });
      const { key } = (await issued.json()) as { key: string };
      // Its first use is noted by a write.
      await api.request("/v1/me", { token: key });
      made.push({ name: `a key for ${scope}`, token: key, may: scopeMay(scope) });
    }
    callers = made;
  }, 240_000);

  const requests = new Map<Definition, Attack>();
  /** The same for every caller: making it costs more than sending it. */
  function requestTo(definition: Definition): Attack {
    const known = requests.get(definition) ?? attackOn(definition, () => ownId(own), seeded(SEED));
    requests.set(definition, known);
    return known;
  }

  /** One request with ids of one's own; what would change something is refused after the decision, for a `limit` that is none of its. */
  async function decided(caller: Caller, definition: Definition): Promise<Decision> {
    cells += 1;
    const { method, path, headers, body } = requestTo(definition);
    const address = method === "GET" ? path : `${path}${path.includes("?") ? "&" : "?"}limit=1`;
    const response = await arena.api.request(address, {
      method,
      token: caller.token,
      headers,
      body,
    });
    const decision = decisionOf(response.status, await response.text());
    if (decision === "denied") {
      const { requests, writeUnits } = arena.api.log.at(-1) ?? {};
      expect({ requests, writeUnits }, definition.operationId).toEqual({
        requests: 1,
        writeUnits: 0,
      });
    }
    if (method !== "GET") expect(response.status, definition.operationId).toBeGreaterThan(399);
    return decision;
  }

  async function differences(
    who: readonly Caller[],
    expectedOf: (caller: Caller, definition: Definition) => Decision,
  ): Promise<string[]> {
    const found: string[] = [];
    for (const definition of definitions) {
      for (const caller of who) {
        const is = await decided(caller, definition);
        const should = expectedOf(caller, definition);
        if (is !== should) {
          found.push(`${caller.name} ${definition.operationId}: ${is}, not ${should}`);
        }
      }
    }
    return found;
  }

  async function become(state: SubscriptionState): Promise<void> {
    const { subscriptions } = arena.api.store.openTenant(ACME);
    const current = (await subscriptions.get()) ?? begin("enterprise", "active", SYSTEM, NOON).next;
    const closed = happen({ ...current, state: "active" }, "closed", SYSTEM, NOON);
    if (!closed) throw new Error("what is active can be closed");
    await subscriptions.save({ ...closed, next: { ...closed.next, state } });
  }

  it("P-04 is the table that is written by hand, for every route, role and scope", async () => {
    expect(definitions.length).toBeGreaterThan(90);
    expect(callers).toHaveLength(19);
    const found = await differences(callers, (caller, one) => decisionFor(caller, one, "active"));
    expect(found).toEqual([]);
    expect(cells).toBe(definitions.length * 19);
    process.stdout.write(`authorization over HTTP: ${cells} cells of route and caller\n`);
  }, 240_000);

  it("and a caller who may do more or less than the table would show", async () => {
    const [viewer, owner] = ["viewer", "owner"].map((name) =>
      callers.find((one) => one.name === name),
    );
    if (!viewer || !owner) throw new Error("both are there");
    const table = (caller: Caller, one: Definition) => decisionFor(caller, one, "active");
    const posing = [{ ...viewer, token: owner.token }];
    expect((await differences(posing, table)).length).toBeGreaterThan(20);
  });

  it("shows no object of another tenant to anybody, and none of another partner to a partner's people", async () => {
    const { api, attackers, globex } = arena;
    const nobody = () => (kind: string) => ({ id: `${kind}_${"0".repeat(26)}`, isForeign: false });
    const answerOf = async ({ token }: Caller, { method, path, headers, body }: Attack) => {
      const response = await api.request(path, { method, token, headers, body });
      return { status: response.status, text: await response.text() };
    };
    const relations = [
      { who: callers, foreign: globex.sides },
      {
        who: callers.filter(
          ({ name }) => name.startsWith("partner-") && name !== "partner-manager",
        ),
        foreign: attackers.neighbour.foreign,
      },
    ];
    const found: string[] = [];
    let related = 0;
    for (const { who, foreign } of relations) {
      for (const definition of definitions.filter(({ path }) => path.includes("{"))) {
        const random = seeded(SEED);
        const attack = attackOn(definition, () => foreignId(foreign, random), random);
        if (!attack.namesForeign) continue;
        for (const caller of who.filter(({ may }) => may(definition.permission))) {
          related += 1;
          const { status, text } = await answerOf(caller, attack);
          // What the body asks for may be denied before anything is looked up: then it is of nobody's ids too.
          const isAsOfNobody =
            status !== 403 ||
            (await answerOf(caller, attackOn(definition, nobody, seeded(SEED)))).status === 403;
          const isHidden =
            status >= 400 &&
            status < 500 &&
            isAsOfNobody &&
            !foreign.some(({ canary }) => text.includes(canary));
          if (!isHidden) found.push(`${caller.name} ${definition.operationId}: ${status}`);
        }
      }
    }
    expect(found).toEqual([]);
    expect(related).toBeGreaterThan(300);
    process.stdout.write(`authorization over HTTP: ${related} cells of foreign objects\n`);
  }, 240_000);

  it("lets nobody in whose membership has ended, nor the keys they made, on any route", async () => {
    const { api } = arena;
    const manager = api.store.asMember(ACME, "owner");
    const { member, token } = await api.member(ACME, "admin");
    const body = { name: "left behind", scopes: ["partners:read"], lifetimeDays: 1 };
    const issued = await api.request("/v1/api-keys", { token, body });
    const { key } = (await issued.json()) as { key: string };
    await endMember(manager, { memberId: member.memberId, ifVersion: 1 });
    const before = cells;
    const gone = [
      { name: "a member who has left", token, may: () => false },
      { name: "a key of a member who has left", token: key, may: () => false },
    ];
    expect(await differences(gone, () => "not logged in")).toEqual([]);
    process.stdout.write(`authorization over HTTP: ${cells - before} cells of who has left\n`);
  });

  it.each(["trial", "past-due", "suspended", "closed"] as const)(
    "P-01 is the table less what a tenant that is %s may not do",
    async (state) => {
      await become(state);
      const names = figure(["owner", "partner-exec", "a key for partners:write"], null);
      const who = callers.filter(({ name }) => names === null || names.includes(name));
      const before = cells;
      const found = await differences(who, (caller, one) => decisionFor(caller, one, state));
      expect(found).toEqual([]);
      process.stdout.write(`authorization over HTTP: ${cells - before} cells while ${state}\n`);
    },
    figure(240_000, 3_600_000),
  );
});
