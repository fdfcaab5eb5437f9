import { manifest } from "@concord/api";
import { holds } from "@concord/core/actor";
import { getTenant, updateTenant } from "@concord/core/tenant";
import { ACME, figure, GLOBEX, testTable } from "@concord/local/testing";
import { openRequestStores, type Table, type TenantStore, tenantTables } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { isAccountPath } from "../../infra/account-paths.ts";
import { tenantPolicy, untenantedPolicy } from "../../infra/tenant-role.ts";
import { type Arena, endsTheAttack, findingsOf, openArena, rowsOf, SEED, told } from "./arena.ts";
import { judgedTable, type Need } from "./judged-table.ts";
import { type Layers, openStoresWith } from "./layers.ts";
import { fillTenant } from "./world.ts";

const HOUR = 3_600_000;
const NOW = new Date("2027-01-15T12:00:00Z");
const RANDOM_REQUESTS = figure(0, 2_000);
const isForeign = (pk: string) => pk.startsWith(`T#${GLOBEX}#`);
/** Where the broken door is not met, each with its reason. */
const unmet = [
  // Say the same to everybody: there is no row behind them.
  "listEditions",
  "getAuditKeys",
  // Follow the person, not the tenant.
  "listOwnMemberships",
  "getSecondFactor",
  "listOwnSecurityEvents",
  "beginSecondFactor",
  "confirmSecondFactor",
  "renewRecoveryCodes",
  "endSecondFactor",
  // Asks for a proof that an attacker has none of, before anything else.
  "eraseOwnPerson",
  // Nothing is read where the operator bills by hand.
  "startCheckout",
  "openBillingPortal",
  // A period that is drawn is none that they can answer for.
  "getPartnerScorecardChanges",
  "exportPartnerScorecard",
  "getPartnerScorecardSummary",
  "getPartnerStanding",
];
const broken = { opens: GLOBEX } as const;

describe("the three layers between tenants", () => {
  let arena: Arena;
  /** What went over the wire, below every layer. */
  let passed: Need[] = [];
  /** One connection that may do everything. */
  let open: Table;
  /** Connections that AWS would judge by the tenant's session. */
  let tableOf: (tenantId: typeof ACME) => Table;
  /** The one that the app function has for itself. */
  let untenanted: Table;

  beforeAll(async () => {
    arena = await openArena();
    // Every test table of a worker is in one engine.
    const { endpoint } = await testTable();
    const { name } = arena.api.store.table;
    const common = { endpoint, name, passed: (needs: readonly Need[]) => passed.push(...needs) };
    const session = (tags: Readonly<Record<string, string>>) => ({
      accessKeyId: "local",
      secretAccessKey: "local",
      sessionToken: JSON.stringify(tags),
      expiration: new Date(Date.now() + HOUR),
    });
    const nobody = async () => session({});
    open = judgedTable({ ...common, credentials: nobody });
    untenanted = judgedTable({ ...common, credentials: nobody, policy: untenantedPolicy });
    tableOf = tenantTables({
      assume: async (tenantId) => session({ tenantId }),
      connect: (credentials) => judgedTable({ ...common, credentials, policy: tenantPolicy }),
      now: Date.now,
    });
  }, 240_000);

  /** What a process hands on of an earlier request, each read once as the other tenant. */
  async function handedOnBy(layers: Layers): Promise<string[]> {
    const reads = {
      rules: (store: TenantStore) => store.programs.scoringRules(NOW),
      subscription: (store: TenantStore) => store.subscriptions.state(NOW),
      confidentiality: (store: TenantStore) => store.confidentiality.inForce(NOW),
    };
    const handedOn: string[] = [];
    for (const [name, read] of Object.entries(reads)) {
      await read(openRequestStores(open).openTenant(GLOBEX));
      passed = [];
      const { pin, openTenant } = openStoresWith(open, layers);
      pin(ACME);
      const answer = await read(openTenant(ACME)).catch((error: unknown) => error);
      const isRefused = answer instanceof Error && answer.name === "EgressRefused";
      if (!isRefused && passed.length === 0) handedOn.push(name);
    }
    return handedOn;
  }

  it.each<{ name: string; layers: () => Layers; handedOn: readonly string[] }>([
    { name: "guard", layers: () => ({ door: broken, guard: true }), handedOn: [] },
    { name: "credentials", layers: () => ({ door: broken, guard: false, tableOf }), handedOn: [] },
    {
      name: "neither",
      layers: () => ({ door: broken, guard: false }),
      handedOn: ["rules", "subscription", "confidentiality"],
    },
  ])(
    "and what a process remembers is handed on past $name: $handedOn",
    async ({ layers, handedOn }) => {
      expect(await handedOnBy(layers())).toEqual(handedOn);
    },
  );

  /** The same requests whatever stands in their way. */
  async function attacked(layers: Layers) {
    const app = arena.appWith(() => openStoresWith(open, layers));
    const before = await rowsOf(arena, isForeign);
    expect(before.length).toBeGreaterThan(50);
    passed = [];
    const reached = new Map<string, number>();
    let operation = "";
    const note = () => {
      const foreign = passed.filter(({ leadingKeys }) => leadingKeys.some(isForeign)).length;
      if (foreign > 0) reached.set(operation, (reached.get(operation) ?? 0) + foreign);
      passed = [];
    };
    const findings = [];
    let requests = 0;
    const { admin, partnerUser } = arena.attackers;
    for (const attacker of [admin, partnerUser]) {
      const round = await findingsOf(arena, app, attacker, {
        seed: SEED,
        randomRequests: RANDOM_REQUESTS,
        onAttack({ operationId }) {
          note();
          operation = operationId;
        },
      });
      note();
      findings.push(...round.findings);
      requests += round.requests;
    }
    const after = await rowsOf(arena, isForeign);
    const stolen = findings.filter(({ fault }) => fault !== "a failure");
    return { stolen, requests, reached, before, after };
  }

  it.each<{ name: string; layers: () => Layers }>([
    { name: "the door", layers: () => ({ door: "sound", guard: false }) },
    { name: "the egress guard", layers: () => ({ door: broken, guard: true }) },
    { name: "the tenant's credentials", layers: () => ({ door: broken, guard: false, tableOf }) },
  ])(
    "hold with $name alone: nothing foreign leaves, is changed or even asked for",
    async ({ layers }) => {
      const { stolen, requests, reached, before, after } = await attacked(layers());
      expect(requests).toBeGreaterThan(350);
      expect(stolen.map(told), `seed ${SEED}`).toEqual([]);
      expect([...reached]).toEqual([]);
      expect(after).toEqual(before);
    },
    figure(240_000, 3_600_000),
  );

  it("serve every request of a tenant itself, all three together and with no right too many", async () => {
    const { api } = arena;
    const stores = () => openRequestStores(untenanted, { tableOf });
    const judged = api.through(stores);
    const request: typeof api.request = (path, options) =>
      isAccountPath(path) ? api.request(path, options) : judged(path, options);
    // The attack may have asked the tenant's people for a second factor.
    const owner = api.store.asMember(ACME, "owner");
    const { version: ifVersion } = await getTenant(owner);
    await updateTenant(owner, { ifVersion, changes: { requiresSecondFactor: false } });
    passed = [];
    await fillTenant({ ...api, request }, ACME, ["one-more", "another-one"]);
    const verbs = new Set(passed.map(({ action }) => action.replace("dynamodb:", "")));
    for (const verb of ["BatchGetItem", "GetItem", "PutItem", "Query"])
      expect(verbs).toContain(verb);
  });

  it(
    "and with none of them the attack reads and writes the other tenant through every route",
    async () => {
      const { stolen, reached, before, after } = await attacked({
        door: broken,
        guard: false,
      });
      const faults = new Set(stolen.map(({ fault }) => fault));
      expect(faults).toEqual(new Set(["a canary", "a foreign success"]));
      expect(after).not.toEqual(before);
      const { partnerId } = arena.attackers.partnerUser.own;
      const actors = [
        arena.api.store.asMember(ACME, "owner", "admin").actor,
        arena.api.store.asPartner(ACME, partnerId, "partner-exec").actor,
      ];
      const unreached = manifest.routes.flatMap(({ definition }) => {
        const isAttacked =
          actors.some((actor) => holds(actor, definition.permission)) &&
          (definition.path.includes("{") || !endsTheAttack(definition));
        return isAttacked && !reached.has(definition.operationId) ? [definition.operationId] : [];
      });
      expect(unreached.filter((one) => !unmet.includes(one))).toEqual([]);
      expect(new Set(stolen.map(({ attack }) => attack.operationId)).size).toBeGreaterThan(40);
    },
    figure(240_000, 3_600_000),
  );
});
