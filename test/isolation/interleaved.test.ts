import { manifest } from "@concord/api";
import type { TenantId } from "@concord/core/id";
import { ACME, figure, GLOBEX, seeded, testTable } from "@concord/local/testing";
import { openRequestStores, type RequestStores, type Table, tenantTables } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { isAccountPath } from "../../infra/account-paths.ts";
import { accountPolicy, tenantPolicy, untenantedPolicy } from "../../infra/tenant-role.ts";
import { type Arena, endsTheAttack, openArena, ownId, SEED } from "./arena.ts";
import { type Attack, attackOn } from "./attack.ts";
import { judgedTable } from "./judged-table.ts";
import { openStoresWith } from "./layers.ts";
import type { FilledTenant, Side } from "./world.ts";

const INVOCATIONS = figure(2_000, 20_000);
const AT_ONCE = 24;
const HOUR = 3_600_000;

interface Sender {
  readonly tenantId: TenantId;
  readonly token: string;
  readonly own: Side;
  readonly foreign: readonly string[];
}
type Definition = (typeof manifest.routes)[number]["definition"];
type Open = () => RequestStores;

/** A mistake to be found: whose request it is, kept beside the requests. */
let currentTenant: TenantId | undefined;

const carelessly =
  (openStores: Open): Open =>
  () => {
    const stores = openStores();
    return {
      ...stores,
      pin(tenantId) {
        currentTenant = tenantId;
        stores.pin(tenantId);
      },
      openTenant: (tenantId, record) => stores.openTenant(currentTenant ?? tenantId, record),
    };
  };

describe("requests of two tenants that mingle in one warm instance", () => {
  let arena: Arena;
  let senders: readonly Sender[];
  /** Waits for a number of turns of the event loop that is drawn anew for each SDK call, before it and after it. */
  let random = seeded(SEED);
  const pause = async () => {
    for (let turns = Math.floor(random() * 4); turns > 0; turns -= 1)
      await new Promise((resume) => setImmediate(resume));
  };
  let openApp: Open;
  let openAccount: Open;
  let open: Table;

  beforeAll(async () => {
    arena = await openArena();
    // Every test table of a worker is in one engine.
    const { endpoint } = await testTable();
    const { name } = arena.api.store.table;
    const session = (tags: Readonly<Record<string, string>>) => ({
      accessKeyId: "local",
      secretAccessKey: "local",
      sessionToken: JSON.stringify(tags),
      expiration: new Date(Date.now() + HOUR),
    });
    const common = { endpoint, name, pause, credentials: async () => session({}) };
    const tableOf = tenantTables({
      async assume(tenantId) {
        await pause();
        return session({ tenantId });
      },
      connect: (credentials) => judgedTable({ ...common, credentials, policy: tenantPolicy }),
      now: Date.now,
    });
    const ofApp = judgedTable({ ...common, policy: untenantedPolicy });
    const ofAccount = judgedTable({ ...common, policy: accountPolicy });
    openApp = () => openRequestStores(ofApp, { tableOf });
    openAccount = () => openRequestStores(ofAccount, { tableOf });
    open = judgedTable(common);
    const canariesOf = ({ sides }: FilledTenant) => sides.map(({ canary }) => canary);
    const { acme, globex } = arena;
    senders = [
      { tenantId: ACME, tenant: acme, other: globex },
      { tenantId: GLOBEX, tenant: globex, other: acme },
    ].flatMap(({ tenantId, tenant, other }) =>
      tenant.sides.flatMap((own) => {
        const foreign = canariesOf(other);
        return [
          { tenantId, token: tenant.adminToken, own, foreign },
          { tenantId, token: own.partnerToken, own, foreign },
        ];
      }),
    );
  }, 240_000);

  /** Requests that change nothing for good, and those that make something where no id is needed. */
  const chosen = manifest.routes
    .map(({ definition }) => definition)
    .filter((one) => one.method === "get" || (!one.path.includes("{") && !endsTheAttack(one)));

  const attacks = new Map<Sender, Map<Definition, Attack>>();
  /** Made once: making it costs more than sending it. */
  function attackOf(sender: Sender, definition: Definition): Attack {
    const ofSender = attacks.get(sender) ?? new Map<Definition, Attack>();
    attacks.set(sender, ofSender);
    const made =
      ofSender.get(definition) ??
      attackOn(definition, () => ownId(sender.own), seeded(SEED + ofSender.size));
    ofSender.set(definition, made);
    return made;
  }

  async function mingled(count: number, apps: { app: Open; account: Open }) {
    random = seeded(SEED);
    const draw = seeded(SEED + 1);
    const app = arena.appWith(apps.app);
    const account = arena.appWith(apps.account);
    const foreign: string[] = [];
    const seen = { own: new Set<string>(), failures: 0, answered: 0, tenants: new Set<TenantId>() };
    const logged = arena.api.log.length;
    const expectedTenant = new Map<string, TenantId>();

    async function one(): Promise<void> {
      const definition = chosen[Math.floor(draw() * chosen.length)];
      const sender = senders[Math.floor(draw() * senders.length)];
      if (!definition || !sender) throw new Error("nothing to send");
      const attack = attackOf(sender, definition);
      const { token, tenantId } = sender;
      const send = isAccountPath(attack.path.split("?")[0] ?? "") ? account : app;
      const { method, headers, body } = attack;
      const response = await send(attack.path, { method, token, headers, body });
      const text = `${JSON.stringify([...response.headers])}\n${await response.text()}`;
      expectedTenant.set(response.headers.get("Request-Id") ?? "", tenantId);
      seen.answered += 1;
      if (response.status >= 500) seen.failures += 1;
      if (text.includes(sender.own.canary)) {
        seen.own.add(definition.operationId);
        seen.tenants.add(tenantId);
      }
      if (sender.foreign.some((canary) => text.includes(canary)))
        foreign.push(`${tenantId} ${response.status} ${method} ${attack.path}`);
    }
    let left = count;
    const lane = async () => {
      while (left > 0) {
        left -= 1;
        await one();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    process.stdout.write(`mingled requests: ${seen.answered}, seed ${SEED}\n`);
    const wrongLines = arena.api.log
      .slice(logged)
      .filter(
        ({ requestId, tenantId }) =>
          tenantId !== undefined && tenantId !== expectedTenant.get(String(requestId)),
      );
    return { foreign, wrongLines, ...seen };
  }

  it(
    `each of ${INVOCATIONS} answers carries its own tenant's texts alone`,
    async () => {
      const told = await mingled(INVOCATIONS, { app: openApp, account: openAccount });
      expect(told.foreign, `seed ${SEED}`).toEqual([]);
      expect(told.wrongLines, `seed ${SEED}`).toEqual([]);
      expect(told.failures, `seed ${SEED}`).toBe(0);
      expect(told.answered).toBe(INVOCATIONS);
      expect(told.own.size).toBeGreaterThan(25);
      expect(told.tenants.size).toBe(2);
    },
    figure(480_000, 3_600_000),
  );

  it("and a tenant that is kept beside the requests would show", async () => {
    const careless = carelessly(() => openStoresWith(open, { door: "sound", guard: false }));
    const { foreign } = await mingled(500, { app: careless, account: careless });
    // Most requests name ids of their own, which the other tenant does not have.
    expect(foreign.length, `seed ${SEED}`).toBeGreaterThan(2);
  }, 240_000);

  it("and the guard would make a failure of it", async () => {
    const careless = carelessly(() => openRequestStores(open));
    const { foreign, failures } = await mingled(300, { app: careless, account: careless });
    expect(foreign, `seed ${SEED}`).toEqual([]);
    expect(failures, `seed ${SEED}`).toBeGreaterThan(10);
  }, 240_000);
});
