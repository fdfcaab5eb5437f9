import { accountManifest, appManifest, manifest } from "@concord/api";
import { figure, GLOBEX, type Served, seeded } from "@concord/local/testing";
import { openRequestStores, type RequestStores } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Arena,
  findingsOf,
  foreignId,
  openArena,
  ownId,
  rowsOf,
  SEED,
  send,
  told,
} from "./arena.ts";
import { attackOn, type IdSource, positions } from "./attack.ts";
import { unlisted } from "./served.ts";

const RANDOM_REQUESTS = Number(process.env["ISOLATION_REQUESTS"] ?? figure(2_400, 100_000));

/** A route like any other to look at, whose use case takes a store that is not its caller's. */
function leakingRoute({ api, globex }: Arena): (typeof appManifest)["routes"][number] {
  const like = appManifest.routes.find(({ definition }) => definition.operationId === "getPartner");
  if (!like) throw new Error("there is a route to be like");
  const path = "/partners/{partnerId}/again";
  return {
    definition: { ...like.definition, operationId: "getPartnerAgain", path },
    run: () =>
      openRequestStores(api.store.table).openTenant(GLOBEX).partners.get(globex.sides[0].partnerId),
    answer: (partner) => ({ body: partner }),
  };
}

describe("nothing of another tenant, and nothing of another partner, leaves", () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await openArena();
  }, 240_000);

  it("has a world in which every list has rows, cursors go on, and every canary can be seen", async () => {
    const { api, globex, cursors } = arena;
    expect(cursors.length).toBeGreaterThan(5);
    expect(positions.length).toBeGreaterThan(80);
    for (const side of globex.sides) {
      const missing: string[] = [];
      const seen = new Set<string>();
      for (const { definition } of manifest.routes) {
        if (definition.method !== "get") continue;
        const attack = attackOn(definition, () => ownId(side), seeded(SEED));
        const { status, everything, text } = await send(
          api,
          api.request,
          globex.adminToken,
          attack,
        );
        if (status !== 200) missing.push(`${definition.operationId} ${status}`);
        const isEmpty = definition.response.isList && /^\{"items":\[\]/.test(text);
        if (isEmpty && attack.path.includes("?")) continue;
        if (isEmpty) missing.push(`${definition.operationId} is empty`);
        if (everything.includes(side.canary)) seen.add(definition.operationId);
      }
      expect(missing.filter((one) => !neverFilled.has(one))).toEqual([]);
      expect(seen.size).toBeGreaterThan(25);
    }
  });

  it.each([
    { who: "an administrator of another tenant", name: "admin" },
    { who: "a partner's user in another tenant", name: "partnerUser" },
    { who: "another partner's user in the same tenant", name: "neighbour" },
  ] as const)(
    "whatever $who asks for",
    async ({ name }) => {
      const { api, attackers } = arena;
      const attacker = attackers[name];
      const isTarget = (pk: string) =>
        name === "neighbour"
          ? attacker.foreign.some(({ partnerId }) => pk.includes(partnerId))
          : pk.startsWith(`T#${GLOBEX}#`);
      const before = await rowsOf(arena, isTarget);
      const seed = SEED + Object.keys(attackers).indexOf(name);
      const { findings, requests } = await findingsOf(arena, api.request, attacker, {
        seed,
        randomRequests: RANDOM_REQUESTS / 3,
      });
      // Who shut themselves out on the way would be refused everything from then on.
      const path = `/v1/partners/${attacker.own.partnerId}`;
      expect((await api.request(path, { token: attacker.token })).status).toBe(200);
      expect(before.length).toBeGreaterThan(5);
      expect(requests).toBeGreaterThan(250);
      expect(findings.map(told), `seed ${seed}, ${requests} requests`).toEqual([]);
      expect(await rowsOf(arena, isTarget)).toEqual(before);
    },
    figure(240_000, 3_600_000),
  );

  it("is answered as what does not exist, byte for byte but for the request's id and path", async () => {
    const { api, attackers } = arena;
    const random = seeded(SEED);
    const plain = (text: string, path: string) =>
      text
        .replaceAll(/"requestId":"[^"]*"|urn:concord:request:[\w-]+/g, "")
        .replaceAll(JSON.stringify(path.split("?")[0]).slice(1, -1), "")
        .replaceAll(/\b[a-z]{3}_[0-9A-Z]{26}\b/g, "an id");
    const differing: string[] = [];
    for (const attacker of Object.values(attackers)) {
      const inBodies = manifest.routes
        .filter(({ definition }) => definition.request.body)
        .map(({ definition }) => ({ definition, name: "body" }));
      for (const { definition, name } of [...positions, ...inBodies]) {
        const drawn = Math.floor(random() * 2 ** 31);
        const at = (source: IdSource) => (place: string) =>
          place === name ? source : ownId(attacker.own);
        const foreign = attackOn(
          definition,
          at(foreignId(attacker.foreign, seeded(drawn))),
          seeded(drawn),
        );
        const nobody: IdSource = (kind) => ({
          id: `${kind}_7ZZZZZZZZZZZZZZZZZZZZZZZZZ`,
          isForeign: false,
        });
        const missing = attackOn(definition, at(nobody), seeded(drawn));
        if (name === "body" && !foreign.mentionsForeign) continue;
        const one = await send(api, api.request, attacker.token, {
          ...foreign,
          headers: missing.headers,
        });
        const other = await send(api, api.request, attacker.token, missing);
        const [a, b] = [plain(one.text, foreign.path), plain(other.text, missing.path)];
        // What is only noted, such as the members who look after a partner, is not looked up at all.
        const isNoted = name === "body" && one.status < 300 && other.status < 300;
        if (!isNoted && (one.status !== other.status || a !== b)) {
          differing.push(`${attacker.name} ${definition.operationId} ${name}: ${a} / ${b}`);
        }
      }
    }
    expect(differing).toEqual([]);
  });

  it("and the attack would notice a membership that lets in to another partner", async () => {
    const { api, attackers } = arena;
    const partnerId = attackers.neighbour.foreign[0]?.partnerId;
    if (!partnerId) throw new Error("there is another partner");
    const find = async (
      { loginSessions }: ReturnType<RequestStores["openTenant"]>,
      of: Parameters<typeof loginSessions.find>,
    ) => {
      const { holder, session } = await loginSessions.find(...of);
      return holder?.kind === "partner-user"
        ? { session, holder: { ...holder, partnerUser: { ...holder.partnerUser, partnerId } } }
        : { holder, session };
    };
    const wrong = arena.appWith(() => {
      const stores = openRequestStores(api.store.table);
      return {
        ...stores,
        openTenant(tenantId, record) {
          const store = stores.openTenant(tenantId, record);
          const loginSessions = {
            ...store.loginSessions,
            find: (...of: Parameters<typeof store.loginSessions.find>) => find(store, of),
          };
          return { ...store, loginSessions };
        },
      };
    });
    const options = { seed: SEED + 2, randomRequests: 0 };
    const { findings } = await findingsOf(arena, wrong, attackers.neighbour, options);
    expect(new Set(findings.map(({ fault }) => fault))).toContain("a canary");
  });

  it("neither function of the API answers anything that its manifest does not list", () => {
    let checked = 0;
    arena.appWith((opened) => openRequestStores(arena.api.store.table, opened), {
      onApps(app, account) {
        checked = app.routes.length + account.routes.length;
        expect(unlisted(app.routes, appManifest)).toEqual([]);
        expect(unlisted(account.routes, accountManifest)).toEqual([]);
      },
    });
    expect(checked).toBeGreaterThan(200);
  });

  it("a route that no manifest lists and one that leaks are found in the run in which they are there", async () => {
    const { api, attackers } = arena;
    const leak = leakingRoute(arena);
    let served: Served = [];
    const app = arena.appWith((opened) => openRequestStores(api.store.table, opened), {
      routes: [leak],
      onApps(planted) {
        planted.get("/v1/back-door", (c) => c.text("come in"));
        served = planted.routes;
      },
    });
    const routes = [...appManifest.routes, leak];
    expect(unlisted(served, { ...appManifest, routes })).toEqual(["GET /v1/back-door"]);
    expect(unlisted(served, appManifest)).toContain("GET /v1/partners/:partnerId/again");
    const { findings, requests } = await findingsOf(arena, app, attackers.admin, {
      ...{ seed: SEED, randomRequests: 0, routes: routes.slice(-40) },
    });
    expect(requests).toBeGreaterThan(40);
    expect(new Set(findings.map(({ attack, fault }) => `${attack.operationId}: ${fault}`))).toEqual(
      new Set(["getPartnerAgain: a canary", "getPartnerAgain: a foreign success"]),
    );
  });
});

/** What this world cannot show to its administrator. */
const neverFilled = new Set([
  // Work of the caller alone: the approver's and the steward's, of whom the administrator is neither.
  "listWaitingDevelopmentPlans is empty",
  "listFactReportWork is empty",
  // The quarter before has no program to compare with.
  "getPartnerScorecardChanges 404",
  // The cycle of a test partnership has an id of its own.
  "getProcessMeasures 404",
  // The quarter has begun.
  "suggestTargets 409",
  // Neither tenant was billed, and none has a provider of its own.
  "listInvoices is empty",
  "getSingleSignOn 404",
  // Signed once a day, by the sequencer.
  "listAuditHeads is empty",
]);
