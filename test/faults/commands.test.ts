import { manifest } from "@concord/api";
import {
  ACME,
  figure,
  GLOBEX,
  seeded,
  type TestApi,
  testApi,
  testTable,
} from "@concord/local/testing";
import { openRequestStores } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { endsTheAttack, ownId } from "../isolation/arena.ts";
import { attackOn } from "../isolation/attack.ts";
import { type FilledTenant, fillTenant } from "../isolation/world.ts";
import { askTheRest } from "./asked.ts";
import { difference, effectOf, idsIn, type Rows, restore, rowsAt, rowsOf } from "./snapshot.ts";
import { triedFirst } from "./tried-first.ts";
import { type Fault, faultsOf, type Key, wireTo } from "./wire.ts";

const SEED = Number(process.env["FAULTS_SEED"] ?? 20_270_115);
/** Of the places at which a command can be cut off or disturbed, so many are tried. */
const SHARE = figure(0.02, 1);
/** How often a body is drawn for a command that nobody sends while the tenants are filled. */
const DRAWS = figure(6, 12);

type Options = NonNullable<Parameters<TestApi["request"]>[1]>;

interface Command {
  readonly operationId: string;
  readonly path: string;
  readonly options: Options;
}

const writes = manifest.routes
  .map(({ definition }) => definition)
  .filter(({ method }) => method !== "get");
const shapes = writes.map(({ operationId, method, path }) => ({
  operationId,
  method: method.toUpperCase(),
  shape: new RegExp(`^/v1${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

const operationOf = (method: string, path: string): string | undefined => {
  const [address = ""] = path.split("?");
  return shapes.find((one) => one.method === method && one.shape.test(address))?.operationId;
};

/** What is cut off here is gone on with by a timer, not by who asked; cut off at every write in its own tests. */
const goesOnByItself: ReadonlySet<string> = new Set([
  "eraseMember",
  "erasePartnerUser",
  "eraseOwnPerson",
]);

const endsOneself: ReadonlySet<string> = new Set(["/v1/me/erase", "/v1/me/login-sessions/end-all"]);

const noSubscription = "the tenants of these tests are billed by hand and have no subscription";
const noProvider = "nobody provides payments or identities to these tests";
const notYet = "no request to it is prepared";
/** Why nobody disturbs these here. */
const left: Readonly<Record<string, string>> = {
  ...{ changeEdition: noSubscription, closeTenant: noSubscription, reopenTenant: noSubscription },
  ...{ startCheckout: noProvider, openBillingPortal: noProvider },
  ...{ connectSingleSignOn: noProvider, updateSingleSignOn: noProvider },
  tryWhatIf: "it writes nothing",
  switchMembership: "nobody of these tests has two memberships",
  ...{ confirmModerator: notYet, withdrawModerator: notYet, withdrawDispute: notYet },
  ...{ acknowledgeTargets: notYet, importTargets: notYet, evaluatePartnerTier: notYet },
  ...{ closeSession: notYet, signReview: notYet },
  ...{ proposeConfidentialityAgreement: notYet, acknowledgeConfidentialityAgreement: notYet },
  endConfidentialityAgreement: notYet,
};

/** Taken before the import is made: an attempt that dies in between has used one up, so that no limit is ever passed. */
const isAllowance = (row: string): boolean => row.includes('"entity":"ImportsOfDay"');
const withoutAllowance = (rows: readonly string[]): string =>
  JSON.stringify(rows.filter((row) => !isAllowance(row)));

describe("a command that is cut off or disturbed at any request it makes", () => {
  let api: TestApi;
  let wire: ReturnType<typeof wireTo>;
  const random = seeded(SEED);
  const covered = new Set<string>();
  const first = triedFirst("commands");
  const faults: string[] = [];
  let places = 0;
  let tried = 0;

  /** A new process over the wire. */
  const start = (): TestApi["request"] =>
    api.through((opened) => openRequestStores(wire.table, opened));

  /**
   * Every place of a command: does the same request, sent again, end where one undisturbed attempt does? The table
   * is left as it was.
   * @returns whether the command had an effect at all
   */
  async function disturb(command: Command, before: Rows, known: ReadonlySet<string>) {
    const { operationId, path } = command;
    const isPost = command.options.method === "POST";
    const headers = {
      ...command.options.headers,
      ...(isPost ? { "Idempotency-Key": `key-of-${operationId}` } : {}),
    };
    const options = { ...command.options, headers };
    const effect = async (keys: readonly Key[]) =>
      effectOf(before, await rowsAt(api.store.table, keys), keys, known);
    wire.plan();
    const clean = await start()(path, options);
    const commands = wire.sent();
    const count = commands.length;
    const cleanKeys = [...wire.touched()];
    const expected = await effect(cleanKeys);
    await restore(api.store.table, cleanKeys, before);
    if (!clean.ok) return false;
    covered.add(operationId);
    for (const [at, sent] of commands.entries()) {
      for (const fault of faultsOf(sent)) {
        places += 1;
        const isDrawn = random() < SHARE;
        if (!isDrawn && !first.has(operationId, fault)) continue;
        tried += 1;
        const told = `${operationId}, request ${at + 1} of ${count} ${fault}`;
        const keys = await attempt({ path, options }, { at, fault }, clean.status, told);
        const found = await effect([...keys, ...cleanKeys]);
        await restore(api.store.table, keys, before);
        if (JSON.stringify(found) === JSON.stringify(expected)) continue;
        const isKilled = fault.startsWith("killed");
        if (isKilled && goesOnByItself.has(operationId)) continue;
        if (isKilled && withoutAllowance(found) === withoutAllowance(expected)) continue;
        first.failed(operationId, fault);
        faults.push(`${told}: ${difference(found, expected)}`);
      }
    }
    return true;
  }

  async function attempt(
    { path, options }: { readonly path: string; readonly options: Options },
    planned: { readonly at: number; readonly fault: Fault },
    wanted: number,
    told: string,
  ): Promise<readonly Key[]> {
    wire.plan(planned);
    const first = await start()(path, options);
    await wire.quiet();
    const isKilled = planned.fault.startsWith("killed");
    if (isKilled ? first.status < 500 && first.status !== wanted : first.status !== wanted) {
      faults.push(`${told}: answered ${first.status} ${await first.text()}`);
    }
    const keys = [...wire.touched()];
    if (!isKilled && first.status === wanted) return keys;
    wire.plan();
    const second = await start()(path, options);
    // What took effect already can be said to be there, or to have another version than the one that was named.
    const isThere = second.status === wanted || [404, 409, 412].includes(second.status);
    // Whoever began to erase themselves, or to log out, is nobody from then on.
    const isGone = second.status === 401 && endsOneself.has(path);
    if (!isThere && !isGone) {
      faults.push(`${told}: its repeat answered ${second.status} ${await second.text()}`);
    }
    return [...keys, ...wire.touched()];
  }

  /** The API as the tenants are filled with, each command of which is disturbed first. */
  const watched = (): TestApi => ({
    ...api,
    async request(path, options = {}) {
      const method = options.method ?? (options.body === undefined ? "GET" : "POST");
      const operationId = operationOf(method, path);
      if (operationId && !covered.has(operationId)) {
        const before = rowsOf(await api.store.dump());
        await disturb(
          { operationId, path, options: { ...options, method } },
          before,
          idsIn(before),
        );
      }
      return api.request(path, options);
    },
  });

  let filled: FilledTenant;
  beforeAll(
    async () => {
      api = await testApi();
      const { endpoint } = await testTable();
      wire = wireTo({ endpoint, tableName: api.store.table.name });
      await fillTenant(api, GLOBEX, ["canary-one", "canary-two"]);
      filled = await fillTenant(watched(), ACME, ["canary-three", "canary-four"]);
    },
    figure(240_000, 3_600_000),
  );

  it(
    "has, once it is sent again, the effect of one undisturbed attempt and no other",
    async () => {
      const before = rowsOf(await api.store.dump());
      const known = idsIn(before);
      const [own] = filled.sides;
      for (const definition of writes) {
        if (covered.has(definition.operationId) || endsTheAttack(definition)) continue;
        // Each draws for itself, so that a new one changes nothing for the others.
        const drawn = seeded(SEED + definition.operationId.length * 1_000 + definition.path.length);
        for (let draw = 0; draw < DRAWS && !covered.has(definition.operationId); draw += 1) {
          const { method, path, body, headers } = attackOn(definition, () => ownId(own), drawn);
          const { "Idempotency-Key": _, ...rest } = headers;
          for (const token of [filled.adminToken, own.partnerToken]) {
            if (covered.has(definition.operationId)) break;
            const options = {
              method,
              token,
              headers: rest,
              ...(body === undefined ? {} : { body }),
            };
            await disturb({ operationId: definition.operationId, path, options }, before, known);
          }
        }
      }
      const refused = await askTheRest(watched(), filled);
      const unmet = writes.map(({ operationId }) => operationId).filter((one) => !covered.has(one));
      process.stdout.write(
        `${covered.size} of ${writes.length} commands, ${places} places, ${tried} tried (seed ${SEED})\n` +
          `not brought to an effect: ${unmet.join(" ")}\n${refused.join("\n")}\n`,
      );
      first.save();
      expect(faults, `seed ${SEED}`).toEqual([]);
      // A new command is brought to an effect, by `asked.ts` or before, or has a reason in the list.
      expect(unmet.filter((one) => left[one] === undefined)).toEqual([]);
    },
    figure(240_000, 3_600_000),
  );
});
