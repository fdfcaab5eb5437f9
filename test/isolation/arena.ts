import { randomBytes } from "node:crypto";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { manifest } from "@concord/api";
import { ACME, GLOBEX, seeded, type TestApi, testApi, testTable } from "@concord/local/testing";
import { isAccountPath } from "../../infra/account-paths.ts";
import { type Attack, attackOn, type IdSource, positions, positionsOf } from "./attack.ts";
import { type FilledTenant, fillTenant, type Side } from "./world.ts";

export const SEED = Number(process.env["ISOLATION_SEED"] ?? 20_270_115);

/** Somebody with a good token, whose ids are their own, and what they must never see. */
export interface Attacker {
  readonly name: string;
  readonly token: string;
  readonly own: Side;
  readonly foreign: readonly Side[];
}

/** A request that got what it must not get. */
export interface Finding {
  readonly attack: Attack;
  readonly status: number;
  readonly fault: "a canary" | "a failure" | "a foreign success";
}

export type App = TestApi["request"];

/** Two filled tenants, who attacks whom, and the API between them. */
export interface Arena {
  readonly api: TestApi;
  readonly acme: FilledTenant;
  readonly globex: FilledTenant;
  readonly attackers: {
    /** Of ACME, each after GLOBEX. */
    readonly admin: Attacker;
    readonly partnerUser: Attacker;
    /** Of one partner of ACME, after the other one. */
    readonly neighbour: Attacker;
  };
  /** Cursors that the other tenant's admin was given, one for each list that has a second page. */
  readonly cursors: readonly string[];
  /** The API as production makes it, but for the stores of its requests and for what is planted. */
  readonly appWith: TestApi["through"];
}

/** Kinds of ids that belong to one partner; any other belongs to the whole tenant. */
const PARTNER_KINDS = ["act", "agi", "ctb", "frp", "inv", "opp", "pln", "ptr", "pus"];
const ofPartner = (side: Side): Side => ({
  ...side,
  ids: new Map([...side.ids].filter(([kind]) => PARTNER_KINDS.includes(kind))),
});

const canary = () => `canary-${randomBytes(12).toString("hex")}`;

/** So that there are rules, for all and for one partner, and reads to list. */
async function readConfidentially(api: TestApi, { adminToken, sides }: FilledTenant) {
  const put = (path: string, body: unknown) =>
    api.request(`/v1${path}`, {
      ...{ method: "PUT", token: adminToken, body },
      headers: { "If-Match": '"0"' },
    });
  const roles = { members: ["owner", "admin"], partners: ["partner-exec", "partner-user"] };
  const answers = [
    await put("/confidentiality", {
      classes: { confidential: roles, restricted: roles },
      information: { "opportunity.amount": "confidential" },
      allowsAgreements: true,
      readsKeptDays: 365,
    }),
  ];
  for (const { partnerId } of sides) {
    const path = `/partners/${partnerId}`;
    const information = { "opportunity.amount": "restricted" };
    answers.push(
      await put(`${path}/confidentiality`, { information }),
      await api.request(`/v1${path}/opportunities`, { token: adminToken }),
    );
  }
  if (answers.some(({ ok }) => !ok)) throw new Error("nothing was read confidentially");
}

export async function openArena(): Promise<Arena> {
  const api = await testApi();
  const acme = await fillTenant(api, ACME, [canary(), canary()]);
  const globex = await fillTenant(api, GLOBEX, [canary(), canary()]);
  for (const tenant of [acme, globex]) await readConfidentially(api, tenant);
  const [p, q] = acme.sides;
  const partnerUser = { name: "a partner user", token: p.partnerToken, own: p };
  return {
    api,
    acme,
    globex,
    attackers: {
      admin: { name: "an admin", token: acme.adminToken, own: p, foreign: globex.sides },
      partnerUser: { ...partnerUser, foreign: globex.sides },
      neighbour: { ...partnerUser, name: "another partner's user", foreign: [ofPartner(q)] },
    },
    cursors: await cursorsOf(api, globex),
    appWith: api.through,
  };
}

async function cursorsOf(api: TestApi, { sides, adminToken }: FilledTenant): Promise<string[]> {
  const found: string[] = [];
  for (const { definition } of manifest.routes) {
    if (!definition.response.isList) continue;
    const attack = attackOn(definition, () => ownId(sides[0]), seeded(SEED));
    const path = `${attack.path}${attack.path.includes("?") ? "&" : "?"}limit=1`;
    const { status, text } = await send(api, api.request, adminToken, { ...attack, path });
    const cursor = status === 200 && (JSON.parse(text) as { nextCursor?: string }).nextCursor;
    if (cursor) found.push(cursor);
  }
  return found;
}

/** Every byte that the request makes leave: status, headers, body and log lines. */
export async function send(
  api: TestApi,
  app: App,
  token: string,
  { method, path, headers, body }: Attack,
): Promise<{ status: number; text: string; everything: string }> {
  const logged = api.log.length;
  const response = await app(path, { method, token, headers, body });
  const lines = api.log.slice(logged).map((line) => JSON.stringify(line));
  const text = await response.text();
  const head = JSON.stringify([response.status, response.statusText, ...response.headers]);
  return { status: response.status, text, everything: `${head}\n${text}\n${lines.join("\n")}` };
}

export const foreignId =
  (sides: readonly Side[], random: () => number): IdSource =>
  (kind) => {
    const all = sides.flatMap(({ ids }) => ids.get(kind) ?? []);
    const id = all[Math.floor(random() * all.length)];
    return id === undefined
      ? { id: `${kind}_${"0".repeat(26)}`, isForeign: false }
      : { id, isForeign: true };
  };

export const ownId =
  ({ ids }: Side): IdSource =>
  (kind) => ({ id: ids.get(kind)?.[0] ?? `${kind}_${"0".repeat(26)}`, isForeign: false });

/** Without an id these end the attacker's own sessions or tenant, and the attack with them. */
export const endsTheAttack = ({
  method,
  path,
}: {
  readonly method: string;
  readonly path: string;
}): boolean =>
  method === "delete" || (method !== "get" && !path.includes("{") && isAccountPath(`/v1${path}`));

interface AttackOptions {
  readonly seed: number;
  readonly randomRequests: number;
  /** What is attacked; every route there is, unless some are planted beside them. */
  readonly routes?: typeof manifest.routes;
}

/** Every route plainly and with a cursor, every position of an id, then random requests. */
function* attacks(
  { own, foreign }: Attacker,
  cursors: readonly string[],
  { seed, randomRequests, routes = manifest.routes }: AttackOptions,
): Generator<Attack> {
  const places = routes === manifest.routes ? positions : positionsOf(routes);
  // Each route draws for itself, so that a new one changes nothing for the others.
  const drawnBy = ({ operationId }: { readonly operationId: string }) =>
    seeded(
      [...operationId].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), seed) % 2 ** 31,
    );
  for (const { definition } of routes) {
    const random = drawnBy(definition);
    // A choice of filters is drawn, some of which exclude each other; and of shapes of a body. Where no
    // id can stand, another tenant is reached by a broken door alone.
    const isPlain = !definition.path.includes("{") && !endsTheAttack(definition);
    if (definition.method !== "get" && !isPlain) continue;
    const draws = definition.request.query || definition.request.body ? 6 : 1;
    for (let draw = 0; draw < draws; draw += 1)
      yield attackOn(definition, () => ownId(own), random);
    if (definition.response.isList) yield attackOn(definition, () => ownId(own), random, cursors);
  }
  for (const { definition, name } of places) {
    const random = drawnBy(definition);
    const idAt = (place: string) => (place === name ? foreignId(foreign, random) : ownId(own));
    yield attackOn(definition, idAt, random);
  }
  for (const { definition } of routes) {
    if (!definition.request.body) continue;
    const random = drawnBy(definition);
    // A choice of members is drawn, so that several draws meet every position.
    for (let draw = 0; draw < 3; draw += 1) {
      const idAt = (place: string) => (place === "body" ? foreignId(foreign, random) : ownId(own));
      const attack = attackOn(definition, idAt, random);
      if (attack.mentionsForeign) yield attack;
    }
  }
  const random = seeded(seed);
  for (let left = randomRequests; left > 0; left -= 1) {
    const chosen = routes[Math.floor(random() * routes.length)];
    if (!chosen) continue;
    const everywhere = random() < 0.5;
    const idAt = () => (everywhere || random() < 0.5 ? foreignId(foreign, random) : ownId(own));
    const attack = attackOn(chosen.definition, idAt, random, random() < 0.3 ? cursors : []);
    // With ids of one's own alone it is no attack, and would end the attacker's own membership.
    const { namesForeign, mentionsForeign, method } = attack;
    if (namesForeign || mentionsForeign || method === "GET") yield attack;
  }
}

/** What the attacker gets out of an app. The same seed sends the same requests. */
export async function findingsOf(
  arena: Arena,
  app: App,
  attacker: Attacker,
  options: AttackOptions & {
    /** Told before each request. */
    readonly onAttack?: (attack: Attack) => void;
  },
): Promise<{ findings: readonly Finding[]; requests: number }> {
  const findings: Finding[] = [];
  let requests = 0;
  for (const attack of attacks(attacker, arena.cursors, options)) {
    requests += 1;
    options.onAttack?.(attack);
    const { status, everything } = await send(arena.api, app, attacker.token, attack);
    const found = (fault: Finding["fault"]) => findings.push({ attack, status, fault });
    if (attacker.foreign.some((side) => everything.includes(side.canary))) found("a canary");
    if (status >= 500) found("a failure");
    if (attack.namesForeign && status < 300) found("a foreign success");
  }
  return { findings, requests };
}

/** A finding in one line, to repeat it by. */
export const told = ({ attack, status, fault }: Finding): string =>
  `${fault}: ${status} ${attack.method} ${attack.path}`;

/** The rows of these partitions, but for what every request of their owner writes. */
export async function rowsOf(
  { api }: Arena,
  belongs: (pk: string) => boolean,
): Promise<readonly Record<string, unknown>[]> {
  // Every test table of a worker is in one engine.
  const { documentClient } = await testTable();
  const rows: Record<string, unknown>[] = [];
  let after: Record<string, unknown> | undefined;
  do {
    const page = await documentClient.send(
      new ScanCommand({ TableName: api.store.table.name, ExclusiveStartKey: after }),
    );
    rows.push(...(page.Items ?? []));
    after = page.LastEvaluatedKey;
  } while (after);
  return rows.filter(({ pk, sk }) => belongs(String(pk)) && !String(sk).startsWith("SESSION#"));
}
