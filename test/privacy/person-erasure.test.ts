import type { TenantId } from "@concord/core/id";
import { finishPersonErasure } from "@concord/core/person-erasure";
import { ACME, figure, GLOBEX, NOON, type TestStore, testStore } from "@concord/local/testing";
import {
  type Item,
  openPinnedStore,
  openSystemStore,
  type Table,
  type TenantStore,
} from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { leftOf, recordAll, verified, type World, world } from "./world.fixture.ts";

const SYSTEM = { kind: "system", name: "schedule" } as const;
const always = {
  expression: "attribute_exists(#pk) OR attribute_not_exists(#pk)",
  names: { "#pk": "pk" },
};

async function copyOf(rows: readonly Item[]): Promise<TestStore> {
  const copy = await testStore();
  await Promise.all(rows.map((row) => copy.table.put(row, always)));
  return copy;
}

interface Blinds {
  readonly tenant?: (store: TenantStore) => Partial<TenantStore>;
  readonly personErasures?: Partial<ReturnType<typeof openSystemStore>["personErasures"]>;
}

/** The whole erasure as the timer does it, with some of what it uses replaced. */
async function erase(table: Table, { person }: World, blinds: Blinds = {}): Promise<void> {
  const { people, personErasures } = openSystemStore(table);
  const { person: row } = await people.load(person.personId);
  if (row && row.erasure === undefined) {
    await personErasures.begin({ ...row, erasure: "requested", version: row.version + 1 }, []);
  }
  const openTenant = (tenantId: TenantId) => {
    const store = openPinnedStore(table, tenantId);
    return { ...store, ...blinds.tenant?.(store) };
  };
  const erasures = { ...personErasures, ...blinds.personErasures };
  const ctx = { actor: SYSTEM, people, personErasures: erasures, openTenant, now: NOON };
  await finishPersonErasure(ctx, person.personId);
}

describe("the erasure of a person", () => {
  let w: World;
  /** The table before anything was erased. */
  let before: readonly Item[] = [];
  beforeAll(async () => {
    w = await world();
    before = await w.api.store.dump();
  });

  it("begins with everything of both people in the table, and intact trails", async () => {
    expect(leftOf(w.person, before)).toEqual([...w.person.canaries.keys()]);
    expect(leftOf(w.other, before)).toEqual([...w.other.canaries.keys()]);
    expect(w.person.canaries.size).toBeGreaterThan(12);
    for (const tenantId of [ACME, GLOBEX]) {
      const { outcome, findings } = await verified(w.api.store.table, tenantId);
      expect([outcome, findings]).toEqual(["intact", []]);
    }
  });

  it("P-15 leaves no byte of them in either tenant, all of another's, and both trails intact", async () => {
    const { store } = w.api;
    const secret = "the secret word of quokka";
    const answer = await w.api.request("/v1/me/erase", {
      token: w.person.token,
      body: { password: secret },
    });
    expect(answer.status).toBe(204);
    const rows = await store.dump();
    expect(leftOf(w.person, rows)).toEqual([]);
    expect(leftOf(w.other, rows)).toEqual([...w.other.canaries.keys()]);
    await recordAll(store.table, rows);
    for (const tenantId of [ACME, GLOBEX]) {
      const { outcome, findings } = await verified(store.table, tenantId);
      expect([outcome, findings]).toEqual(["intact", []]);
    }
    expect(leftOf(w.person, await store.dump())).toEqual([]);

    expect((await w.api.request("/v1/me", { token: w.person.token })).status).toBe(401);
    const again = { email: w.person.email, password: secret };
    expect((await w.api.request("/v1/login", { body: again })).status).toBe(401);
    const member = await store.openTenant(ACME).members.get(w.person.memberId);
    expect(member).toMatchObject({ displayName: "Erased person", status: "ended", version: 2 });
  });

  it.each([
    ["recorded answers", { tenant: (s) => ({ idempotency: { ...s.idempotency, rewrite: none } }) }],
    [
      "login sessions",
      { tenant: (s) => ({ loginSessions: { ...s.loginSessions, endAllOf: none } }) },
    ],
    [
      "links of single sign-on",
      { tenant: (s) => ({ singleSignOn: { ...s.singleSignOn, linksOf: async () => [] } }) },
    ],
    [
      "API keys",
      { tenant: (s) => ({ apiKeys: { ...s.apiKeys, list: async () => ({ items: [] }) } }) },
    ],
    ["events and salts", { tenant: (s) => ({ audit: { ...s.audit, erasePersonal: none } }) }],
    ["invitations", { personErasures: { invitationsTo: async () => [] } }],
    ["the person", { personErasures: { forget: async () => false } }],
  ] satisfies [string, Blinds][])("is found out where it overlooks %s", async (_, blinds) => {
    const copy = await copyOf(before);
    await erase(copy.table, w, blinds);
    expect(leftOf(w.person, await copy.dump())).not.toEqual([]);
  });

  it("P-15 is finished by the timer wherever it was broken off", {
    timeout: figure(240_000, 1_800_000),
  }, async () => {
    const whole = await copyOf(before);
    let writes = 0;
    await erase(
      counted(whole.table, () => (writes += 1)),
      w,
    );
    expect(leftOf(w.person, await whole.dump())).toEqual([]);
    expect(writes).toBeGreaterThan(20);
    const step = figure(Math.ceil(writes / 4), 1);
    for (let stopsAt = 1; stopsAt < writes; stopsAt += step) {
      const copy = await copyOf(before);
      let done = 0;
      const broken = counted(copy.table, () => {
        done += 1;
        if (done > stopsAt) throw new Error("killed");
      });
      await expect(erase(broken, w)).rejects.toThrow("killed");
      await erase(copy.table, w);
      expect(leftOf(w.person, await copy.dump()), `after ${stopsAt} writes`).toEqual([]);
      expect(leftOf(w.other, await copy.dump())).toEqual([...w.other.canaries.keys()]);
    }
  });
});

const none = async () => undefined;

/** The table, with something done before each write. */
function counted(table: Table, beforeWrite: () => void): Table {
  const wrapped: Table = {
    ...table,
    put: async (...of) => {
      beforeWrite();
      return table.put(...of);
    },
    remove: async (...of) => {
      beforeWrite();
      return table.remove(...of);
    },
    transact: async (...of) => {
      beforeWrite();
      return table.transact(...of);
    },
    metered: () => wrapped,
  };
  return wrapped;
}
