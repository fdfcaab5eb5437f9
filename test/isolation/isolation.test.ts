import { randomBytes } from "node:crypto";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { manifest } from "@concord/api";
import { ACME, GLOBEX, type TestApi, testApi, testTable } from "@concord/local/testing";
import { openRequestStores, type RequestStores } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { type Attack, attackOn, type IdSource, positions, seeded } from "./attack.ts";
import { openStoresWith } from "./layers.ts";
import { type FilledTenant, fillTenant, type Side } from "./world.ts";

const SEED = Number(process.env["ISOLATION_SEED"] ?? 20_270_115);
const RANDOM_REQUESTS = Number(process.env["ISOLATION_REQUESTS"] ?? 2_400);
const canary = () => `canary-${randomBytes(12).toString("hex")}`;

/** Somebody with a good token, whose ids are their own, and what they must never see. */
interface Attacker {
  readonly name: string;
  readonly token: string;
  readonly own: Side;
  readonly foreign: readonly Side[];
}

interface Finding {
  readonly attacker: string;
  readonly attack: Attack;
  readonly status: number;
  readonly fault: string;
}

/** Kinds of ids that belong to one partner; any other belongs to the whole tenant. */
const PARTNER_KINDS = ["act", "agi", "ctb", "frp", "inv", "opp", "pln", "ptr", "pus"];
const ofPartner = (side: Side): Side => ({
  ...side,
  ids: new Map([...side.ids].filter(([kind]) => PARTNER_KINDS.includes(kind))),
});

type App = TestApi["request"];

describe("nothing of another tenant, and nothing of another partner, leaves", () => {
  let api: TestApi;
  let acme: FilledTenant;
  let globex: FilledTenant;
  let attackers: readonly Attacker[];
  let cursors: string[] = [];

  /** The API as production makes it, but for the stores of its requests. */
  const appWith = (openStores = () => openRequestStores(api.store.table)): App =>
    api.through(openStores);

  const sent = async (app: App, token: string, { method, path, headers, body }: Attack) => {
    const logged = api.log.length;
    const response = await app(path, { method, token, headers, body });
    const lines = api.log.slice(logged).map((line) => JSON.stringify(line));
    const text = await response.text();
    const head = JSON.stringify([response.status, response.statusText, ...response.headers]);
    return { status: response.status, text, everything: `${head}\n${text}\n${lines.join("\n")}` };
  };

  const foreignId =
    (sides: readonly Side[], random: () => number): IdSource =>
    (kind) => {
      const all = sides.flatMap(({ ids }) => ids.get(kind) ?? []);
      const id = all[Math.floor(random() * all.length)];
      return id === undefined
        ? { id: `${kind}_${"0".repeat(26)}`, isForeign: false }
        : { id, isForeign: true };
    };
  const ownId =
    ({ ids }: Side): IdSource =>
    (kind) => ({ id: ids.get(kind)?.[0] ?? `${kind}_${"0".repeat(26)}`, isForeign: false });

  async function attempt(app: App, attacker: Attacker, attack: Attack): Promise<Finding[]> {
    const { status, everything } = await sent(app, attacker.token, attack);
    const leaked = attacker.foreign.some((side) => everything.includes(side.canary));
    const faults = [
      ...(leaked ? ["a canary"] : []),
      ...(status >= 500 ? ["a failure"] : []),
      ...(attack.namesForeign && status < 300 ? ["a foreign success"] : []),
    ];
    return faults.map((fault) => ({ attacker: attacker.name, attack, status, fault }));
  }

  /** Every route plainly and with a cursor, every position of an id, then random requests. */
  async function* attacks(
    { own, foreign }: Attacker,
    seed: number,
    randomRequests: number,
  ): AsyncGenerator<Attack> {
    const random = seeded(seed);
    for (const { definition } of manifest.routes) {
      if (definition.method === "get") {
        yield attackOn(definition, () => ownId(own), random);
        if (definition.response.isList)
          yield attackOn(definition, () => ownId(own), random, cursors);
      }
    }
    for (const { definition, name } of positions) {
      const idAt = (place: string) => (place === name ? foreignId(foreign, random) : ownId(own));
      yield attackOn(definition, idAt, random);
    }
    for (const { definition } of manifest.routes) {
      if (!definition.request.body) continue;
      // A choice of members is drawn, so that several draws meet every position.
      for (let draw = 0; draw < 3; draw += 1) {
        const idAt = (place: string) =>
          place === "body" ? foreignId(foreign, random) : ownId(own);
        const attack = attackOn(definition, idAt, random);
        if (attack.mentionsForeign) yield attack;
      }
    }
    for (let left = randomRequests; left > 0; left -= 1) {
      const chosen = manifest.routes[Math.floor(random() * manifest.routes.length)];
      if (!chosen) continue;
      const everywhere = random() < 0.5;
      const idAt = () => (everywhere || random() < 0.5 ? foreignId(foreign, random) : ownId(own));
      const attack = attackOn(chosen.definition, idAt, random, random() < 0.3 ? cursors : []);
      // With ids of one's own alone it is no attack, and would end the attacker's own membership.
      const { namesForeign, mentionsForeign, method } = attack;
      if (namesForeign || mentionsForeign || method === "GET") yield attack;
    }
  }

  async function findingsOf(app: App, attacker: Attacker, seed: number, randomRequests: number) {
    const findings: Finding[] = [];
    let requests = 0;
    for await (const attack of attacks(attacker, seed, randomRequests)) {
      requests += 1;
      findings.push(...(await attempt(app, attacker, attack)));
    }
    return { findings, requests };
  }

  const rowsOf = async (belongs: (pk: string) => boolean) => {
    // Every test table of a worker is in one engine.
    const { documentClient } = await testTable();
    const tableName = api.store.table.name;
    const rows: Record<string, unknown>[] = [];
    let after: Record<string, unknown> | undefined;
    do {
      const page = await documentClient.send(
        new ScanCommand({ TableName: tableName, ExclusiveStartKey: after }),
      );
      rows.push(...(page.Items ?? []));
      after = page.LastEvaluatedKey;
    } while (after);
    return rows.filter(({ pk, sk }) => belongs(String(pk)) && !String(sk).startsWith("SESSION#"));
  };

  beforeAll(async () => {
    api = await testApi();
    acme = await fillTenant(api, ACME, [canary(), canary()]);
    globex = await fillTenant(api, GLOBEX, [canary(), canary()]);
    const [p, q] = acme.sides;
    attackers = [
      { name: "an admin", token: acme.adminToken, own: p, foreign: globex.sides },
      { name: "a partner user", token: p.partnerToken, own: p, foreign: globex.sides },
      { name: "another partner's user", token: p.partnerToken, own: p, foreign: [ofPartner(q)] },
    ];
    cursors = await cursorsOf();
  }, 120_000);

  /** Cursors that the other tenant's admin was given, one for each list that has a second page. */
  async function cursorsOf(): Promise<string[]> {
    const app = appWith();
    const found: string[] = [];
    for (const { definition } of manifest.routes) {
      if (!definition.response.isList) continue;
      const attack = attackOn(definition, () => ownId(globex.sides[0]), seeded(SEED));
      const path = `${attack.path}${attack.path.includes("?") ? "&" : "?"}limit=1`;
      const { status, text } = await sent(app, globex.adminToken, { ...attack, path });
      const cursor = status === 200 && (JSON.parse(text) as { nextCursor?: string }).nextCursor;
      if (cursor) found.push(cursor);
    }
    return found;
  }

  it("has a world in which every list has rows, cursors go on, and every canary can be seen", async () => {
    expect(cursors.length).toBeGreaterThan(5);
    expect(positions.length).toBeGreaterThan(80);
    const app = appWith();
    for (const side of globex.sides) {
      const missing: string[] = [];
      for (const { definition } of manifest.routes) {
        if (definition.method !== "get" || !definition.path.includes("{")) continue;
        const attack = attackOn(definition, () => ownId(side), seeded(SEED));
        const { status } = await sent(app, globex.adminToken, attack);
        if (status !== 200) missing.push(`${definition.operationId} ${status}`);
      }
      // Without a frozen first revision's inputs there is nothing to replay.
      expect(missing.length, missing.join(", ")).toBeLessThan(6);
      const seen = await sent(app, globex.adminToken, {
        operationId: "getPartner",
        method: "GET",
        path: `/v1/partners/${side.partnerId}`,
        headers: {},
        namesForeign: false,
        mentionsForeign: false,
      });
      expect(seen.everything).toContain(side.canary);
    }
  });

  it.each([
    { index: 0, who: "an administrator of another tenant" },
    { index: 1, who: "a partner's user in another tenant" },
    { index: 2, who: "another partner's user in the same tenant" },
  ])("whatever $who asks for", async ({ index }) => {
    const attacker = attackers[index];
    if (!attacker) throw new Error("there are three attackers");
    const isTarget = (pk: string) =>
      index < 2
        ? pk.startsWith(`T#${GLOBEX}#`)
        : attacker.foreign.some(({ partnerId }) => pk.includes(partnerId));
    const before = await rowsOf(isTarget);
    const { findings, requests } = await findingsOf(
      appWith(),
      attacker,
      SEED + index,
      RANDOM_REQUESTS / 3,
    );
    expect(before.length).toBeGreaterThan(5);
    expect(requests).toBeGreaterThan(250);
    const told = findings.map(
      ({ attack, status, fault }) => `${fault}: ${status} ${attack.method} ${attack.path}`,
    );
    expect(told, `seed ${SEED}, ${requests} requests of ${attacker.name}`).toEqual([]);
    expect(await rowsOf(isTarget)).toEqual(before);
  });

  it("is answered as what does not exist, byte for byte but for the request's id and path", async () => {
    const app = appWith();
    const random = seeded(SEED);
    const plain = (text: string, path: string) =>
      text
        .replaceAll(/"requestId":"[^"]*"|urn:concord:request:[\w-]+/g, "")
        .replaceAll(JSON.stringify(path.split("?")[0]).slice(1, -1), "")
        .replaceAll(/\b[a-z]{3}_[0-9A-Z]{26}\b/g, "an id");
    const differing: string[] = [];
    for (const attacker of attackers) {
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
        const one = await sent(app, attacker.token, { ...foreign, headers: missing.headers });
        const other = await sent(app, attacker.token, missing);
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

  describe("and the attack would notice", () => {
    it("a door that opens another tenant, where nothing stands behind it", async () => {
      const layers = { door: { opens: GLOBEX }, guard: false } as const;
      const wrong = appWith(() => openStoresWith(api.store.table, layers));
      const [admin] = attackers;
      if (!admin) throw new Error("the admin attacks");
      const { findings } = await findingsOf(wrong, admin, SEED, 0);
      const faults = new Set(findings.map(({ fault }) => fault));
      expect(faults).toContain("a canary");
      expect(faults).toContain("a foreign success");
      const routes = new Set(findings.map(({ attack }) => attack.operationId));
      expect(routes.size).toBeGreaterThan(20);
    });

    it("a membership that lets in to another partner", async () => {
      const [, , attacker] = attackers;
      const partnerId = attacker?.foreign[0]?.partnerId;
      if (!attacker || !partnerId) throw new Error("another partner's user attacks");
      const find = async (
        { loginSessions }: ReturnType<RequestStores["openTenant"]>,
        of: Parameters<typeof loginSessions.find>,
      ) => {
        const { holder, session } = await loginSessions.find(...of);
        return holder?.kind === "partner-user"
          ? { session, holder: { ...holder, partnerUser: { ...holder.partnerUser, partnerId } } }
          : { holder, session };
      };
      const wrong = appWith(() => {
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
      const { findings } = await findingsOf(wrong, attacker, SEED + 2, 0);
      expect(new Set(findings.map(({ fault }) => fault))).toContain("a canary");
    });
  });
});
