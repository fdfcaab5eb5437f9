import { manifest } from "@concord/api";
import { figure, GLOBEX, seeded } from "@concord/local/testing";
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

const RANDOM_REQUESTS = Number(process.env["ISOLATION_REQUESTS"] ?? figure(2_400, 100_000));

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
