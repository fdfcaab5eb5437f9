import { manifest } from "@concord/api";
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

describe("whatever is asked of the API", () => {
  let arena: Arena;
  let tokens: readonly string[];
  beforeAll(async () => {
    arena = await openArena();
    const [own] = arena.acme.sides;
    tokens = [arena.acme.adminToken, own.partnerToken];
  }, 240_000);

  async function ask(app: App, token: string, { method, path, headers, body }: Sent) {
    const given = body === undefined ? {} : { body };
    const response = await app(path, { method, headers, ...given, token });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Half of the requests are right in form, the others one fault away from it. */
  async function faultsOf(app: App, requests: number, seed: number) {
    const random = seeded(seed);
    const faults: string[] = [];
    const statuses = new Map<number, number>();
    const operations = new Set<string>();
    const fresh = [...tokens];
    const { api } = arena;
    for (let sent = 0; sent < requests; sent += 1) {
      const route = manifest.routes[sent % manifest.routes.length];
      if (!route) continue;
      const { definition } = route;
      const [own] = arena.acme.sides;
      const attack = attackOn(definition, () => ownId(own), random);
      const isFaulty = random() < 0.5 || endsTheAttack(definition);
      const request = isFaulty ? oneFaultAway(attack, random) : plainly(attack);
      const isStillThere = request.method === attack.method;
      const isMember = random() < 0.8;
      const answer = await ask(app, fresh[isMember ? 0 : 1] ?? "", request);
      operations.add(definition.operationId);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status === 401 && !request.headers["Authorization"]) {
        // A request was right and ended the session it came with.
        const { token } = isMember
          ? await api.member(ACME, "owner", "admin")
          : await api.partnerUser(ACME, own.partnerId, "partner-exec");
        fresh[isMember ? 0 : 1] = token;
      }
      const fault = isStillThere
        ? faultOf(`/v1${definition.path}`, definition.method, answer)
        : answer.status >= 500
          ? `${answer.status} ${answer.text}`
          : undefined;
      if (fault) {
        faults.push(
          `${definition.operationId}: ${fault.slice(0, 300)} to ${JSON.stringify(request).slice(0, 500)}`,
        );
      }
    }
    return { faults, statuses, operations };
  }

  it(
    "is answered as its description says, and never with a failure of ours",
    async () => {
      const { faults, statuses, operations } = await faultsOf(arena.api.request, REQUESTS, SEED);
      process.stdout.write(`${JSON.stringify([...statuses].sort(([a], [b]) => a - b))}\n`);
      expect([...new Set(faults)], `seed ${SEED}`).toEqual([]);
      expect(operations.size).toBe(manifest.routes.length);
      // Both kinds were met: what is right, and what is refused for its form.
      for (const status of [200, 400, 404, 412]) {
        expect(statuses.get(status) ?? 0, `${status}`).toBeGreaterThan(REQUESTS / 300);
      }
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
    const { faults } = await faultsOf(wrong, 60, SEED);
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
