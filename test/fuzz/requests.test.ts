import { manifest } from "@concord/api";
import { updateTenant } from "@concord/core/tenant";
import { ACME, figure, seeded } from "@concord/local/testing";
import { openRequestStores } from "@concord/storage";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, it } from "vitest";
import description from "../../packages/api/openapi.json" with { type: "json" };
import { type App, type Arena, endsTheAttack, openArena, ownId, SEED } from "../isolation/arena.ts";
import { attackOn } from "../isolation/attack.ts";
import { oneFaultAway, plainly, type Sent } from "./faults-of-requests.ts";

const REQUESTS = figure(1_200, 200_000);

type Responses = Readonly<Record<string, { readonly $ref?: string; readonly content?: object }>>;
type Definition = (typeof manifest.routes)[number]["definition"];
type Operation = { readonly responses: Responses };
const paths = description.paths as unknown as Record<string, Record<string, Operation>>;

const ajv = new Ajv2020({ strict: false, allErrors: false });
addFormats.default(ajv);
ajv.addSchema({ ...description, $id: "api" });
const escaped = (part: string) => part.replaceAll("~", "~0").replaceAll("/", "~1");
const validators = new Map<string, ReturnType<typeof ajv.compile>>();
function validate(pointer: string, value: unknown): string | undefined {
  const known = validators.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
  validators.set(pointer, known);
  return known(value) ? undefined : ajv.errorsText(known.errors);
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What is wrong with an answer, by the API's own description of the operation. */
function faultOf(path: string, method: string, { status, headers, text }: Answer) {
  const type = headers.get("Content-Type") ?? "";
  if (status >= 500) return `${status} ${text}`;
  const declared = paths[path]?.[method]?.responses[String(status)];
  if (!declared) return status === 405 ? undefined : `${status} is not declared: ${text}`;
  const [name = ""] = declared.$ref ? declared.$ref.split("/").slice(-1) : [];
  const pointer = declared.$ref
    ? `/components/responses/${escaped(name)}`
    : `/paths/${escaped(path)}/${method}/responses/${status}`;
  if (status >= 400) {
    if (!type.startsWith("application/problem+json")) return `a problem of type ${type}`;
    const problem = JSON.parse(text) as Record<string, unknown>;
    const { code, title, requestId } = problem;
    if (problem["status"] !== status) return `a problem with the status ${problem["status"]}`;
    if (!name.split(".").includes(String(code))) return `${status} ${code} is not declared`;
    if (typeof title !== "string" || requestId !== headers.get("Request-Id")) return text;
    return validate(`${pointer}/content/application~1problem+json/schema`, problem);
  }
  if (!declared.content || !type.startsWith("application/json")) return undefined;
  return validate(`${pointer}/content/application~1json/schema`, JSON.parse(text));
}

/** So many requests go to one world: what was right has used it up by then. */
const A_WORLD = 8_000;
/** So many of the requests are right in form; the others are one fault away from it. */
const RIGHT = 0.3;
/** Whoever shut themselves out gets in as somebody new; an edition holds only so many people. */
const MOST_NEWCOMERS = 20;

/** Reads all there ever was of the tenant, hundreds of requests each time: not asked any more once it has answered. */
const readsAll = "verifyAuditTrail";
const others = manifest.routes.filter(({ definition }) => definition.operationId !== readsAll);

const reads = new Map(
  manifest.routes
    .filter(({ definition }) => definition.method === "get")
    .map(({ definition }) => [definition.path, definition]),
);
/** The route that reads what this one changes, for the version that `If-Match` is to name. */
function readBefore({ path, request }: Definition): Definition | undefined {
  if (!request.ifMatch) return undefined;
  const segments = path.split("/");
  return segments
    .map((_, at) => segments.slice(0, segments.length - at).join("/"))
    .filter((read) => read === path || read.endsWith("}"))
    .flatMap((read) => reads.get(read) ?? [])[0];
}

describe("whatever is asked of the API", () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await openArena();
  }, 240_000);

  async function ask(app: App, token: string, { method, path, headers, body }: Sent) {
    const given = body === undefined ? {} : { body };
    const response = await app(path, { method, headers, ...given, token });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  interface Asked {
    readonly faults: string[];
    readonly statuses: Map<number, number>;
    readonly operations: Set<string>;
    /** Those that were answered with success. */
    readonly done: Set<string>;
  }

  /** A member and a partner's user, who do not stay shut out by what they asked for. */
  function callersOf({ api, acme }: Arena) {
    const [own] = acme.sides;
    let newcomers = 0;
    const callers = {
      member: acme.adminToken,
      partnerUser: own.partnerToken,
      /** @returns whether there is room for two more people */
      async letIn(): Promise<boolean> {
        newcomers += 1;
        if (newcomers > MOST_NEWCOMERS) return false;
        const owner = api.store.asMember(ACME, "owner");
        const { version } = (await owner.store.tenant.get()) ?? { version: 0 };
        await updateTenant(owner, { ifVersion: version, changes: { requiresSecondFactor: false } });
        callers.member = (await api.member(ACME, "owner", "admin")).token;
        callers.partnerUser = (await api.partnerUser(ACME, own.partnerId, "partner-exec")).token;
        return true;
      },
    };
    return callers;
  }

  /** What comes of a request to the operation, right or not. */
  function note(
    { faults, statuses, operations, done }: Asked,
    { operationId, path, method }: Definition,
    request: Sent,
    answer: Answer,
  ) {
    operations.add(operationId);
    if (answer.status < 300) done.add(operationId);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const isStillThere = request.method === method.toUpperCase();
    const fault = isStillThere
      ? faultOf(`/v1${path}`, method, answer)
      : answer.status >= 500
        ? `${answer.status} ${answer.text}`
        : undefined;
    if (fault) {
      faults.push(
        `${operationId}: ${fault.slice(0, 300)} to ${JSON.stringify(request).slice(0, 500)}`,
      );
    }
  }

  /** The change with the version that stands, 0 where nothing does. */
  async function upToDate(
    asked: Asked,
    { app, token, read }: { app: App; token: string; read: Definition },
    change: Sent,
  ): Promise<Sent> {
    // The address begins with the version of the API.
    const segments = new URL(change.path, "http://api").pathname.split("/");
    const path = segments.slice(0, read.path.split("/").length + 1).join("/");
    const request: Sent = { method: "GET", path, headers: {} };
    const answer = await ask(app, token, request);
    note(asked, read, request, answer);
    return {
      ...change,
      headers: { ...change.headers, "If-Match": answer.headers.get("ETag") ?? '"0"' },
    };
  }

  /**
   * Every route in turn, rightly or one fault away from it.
   * @returns how many were sent: fewer where the callers shut themselves out for good
   */
  async function askWorld(
    world: Arena,
    app: App,
    asked: Asked,
    { requests, first, random }: { requests: number; first: number; random: () => number },
  ): Promise<number> {
    const [own] = world.acme.sides;
    const callers = callersOf(world);
    let sent = 0;
    for (let turn = first; sent < requests; turn += 1) {
      const routes = asked.done.has(readsAll) ? others : manifest.routes;
      const route = routes[turn % routes.length];
      if (!route) continue;
      const { definition } = route;
      const attack = attackOn(definition, () => ownId(own), random);
      const token = random() < 0.8 ? callers.member : callers.partnerUser;
      const isFaulty = random() >= RIGHT || endsTheAttack(definition);
      const drawn = isFaulty ? oneFaultAway(attack, random) : plainly(attack);
      const read = isFaulty ? undefined : readBefore(definition);
      const request = read ? await upToDate(asked, { app, token, read }, drawn) : drawn;
      const answer = await ask(app, token, request);
      note(asked, definition, request, answer);
      sent += read ? 2 : 1;
      // A request was right and ended the session it came with, or asks everybody for a second factor.
      const isShutOut =
        (answer.status === 401 && !request.headers["Authorization"]) ||
        answer.text.includes('"second-factor-required"');
      if (isShutOut && !(await callers.letIn())) return sent;
    }
    return sent;
  }

  async function askedOf(
    requests: number,
    seed: number,
    appOf: (world: Arena) => App = ({ api }) => api.request,
  ): Promise<Asked> {
    const random = seeded(seed);
    const nothing = { faults: [], operations: new Set<string>(), done: new Set<string>() };
    const asked: Asked = { ...nothing, statuses: new Map() };
    let world = arena;
    for (let first = 0; first < requests; ) {
      if (first > 0) world = await openArena();
      const left = Math.min(A_WORLD, requests - first);
      first += await askWorld(world, appOf(world), asked, { requests: left, first, random });
    }
    return asked;
  }

  it(
    "is answered as its description says, and never with a failure of ours",
    async () => {
      const { faults, statuses, operations, done } = await askedOf(REQUESTS, SEED);
      process.stdout.write(`${JSON.stringify([...statuses].sort(([a], [b]) => a - b))}\n`);
      expect([...new Set(faults)], `seed ${SEED}`).toEqual([]);
      expect(operations.size).toBe(manifest.routes.length);
      // Both kinds were met: what is right, and what is refused for its form.
      for (const status of [200, 400, 404, 412]) {
        expect(statuses.get(status) ?? 0, `${status}`).toBeGreaterThan(REQUESTS / 300);
      }
      // Nobody was shut out for long, and most routes did what they are for.
      expect(done.size).toBeGreaterThan(figure(100, 180));
      expect(statuses.get(403) ?? 0).toBeLessThan(REQUESTS / 5);
    },
    figure(240_000, 3_600_000),
  );

  it("and what is answered off its description is found", async () => {
    const { api } = arena;
    const wrong = api.through((opened) => {
      const stores = openRequestStores(api.store.table, opened);
      return {
        ...stores,
        openTenant(tenantId, record) {
          const store = stores.openTenant(tenantId, record);
          const partners = {
            ...store.partners,
            get: async () => {
              throw new TypeError("planted");
            },
          };
          return { ...store, partners };
        },
      };
    });
    const { faults } = await askedOf(60, SEED, () => wrong);
    expect(faults.length).toBeGreaterThan(0);
    const [own] = arena.globex.sides;
    const path = `/v1/partners/${own.partnerId}`;
    // Nobody asked anything as this tenant, so that its people are all there.
    const token = arena.globex.adminToken;
    const answer = await ask(api.request, token, { method: "GET", path, headers: {} });
    expect(answer.status).toBe(200);
    const at = (changed: Partial<Answer>) =>
      faultOf("/v1/partners/{partnerId}", "get", { ...answer, ...changed });
    expect(at({})).toBeUndefined();
    const { name: _, ...nameless } = JSON.parse(answer.text) as Record<string, unknown>;
    expect(at({ text: JSON.stringify(nameless) })).toContain("name");
    expect(at({ status: 409 })).toContain("not declared");
  });
});
