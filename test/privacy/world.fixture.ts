import { linkDay, recordChange, signHead, verifyTrail } from "@concord/core/audit";
import { eventOf } from "@concord/core/event";
import { MemberId, type PartnerId, PartnerUserId, PersonId, type TenantId } from "@concord/core/id";
import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, NOON, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { auditSourceOf, type Item, openTenantStore, type Table } from "@concord/storage";
import { LATER, sign, verifyHead } from "../audit/trail.fixture.ts";

/** What one person leaves in two tenants; each text stands nowhere else. */
export interface Person {
  readonly email: string;
  readonly personId: PersonId;
  readonly memberId: MemberId;
  readonly partnerUserId: PartnerUserId;
  readonly token: string;
  /** Every text and secret that is theirs, by what it is. */
  readonly canaries: ReadonlyMap<string, string>;
}

export interface World {
  readonly api: TestApi;
  readonly partnerId: PartnerId;
  /** To be erased, and to be left alone. */
  readonly person: Person;
  readonly other: Person;
  readonly owners: ReadonlyMap<TenantId, string>;
}

type Sent = Record<string, unknown>;

/** Two people, each a member of ACME and a partner's executive in GLOBEX, who did something in both. */
export async function world(): Promise<World> {
  const api = await testApi({ wallNow: new Date() });
  const owners = new Map<TenantId, string>([
    [ACME, await api.logIn("owner@acme.test", TEST_PASSWORD)],
    [GLOBEX, await api.logIn("owner@globex.test", TEST_PASSWORD)],
  ]);
  const { partnerId } = await createPartner(api.store.asMember(GLOBEX, "admin"), {
    name: "Contoso",
    type: "reseller",
    lifecycleStage: "growing",
    region: "Central",
    partnerManagerId: null,
    executiveSponsorId: null,
    dataStewardId: null,
  });
  const at = { api, partnerId, owners };
  const person = await joined(at, "quokka");
  const other = await joined(at, "wombat");
  await recordAll(api.store.table, await api.store.dump());
  return { ...at, person: await withSecrets(api, person), other: await withSecrets(api, other) };
}

async function send(
  api: TestApi,
  token: string | undefined,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Sent> {
  const response = await api.request(`/v1${path}`, {
    method: "POST",
    token,
    ...(body === undefined ? {} : { body }),
    headers,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return text === "" ? {} : (JSON.parse(text) as Sent);
}

async function joined(
  { api, partnerId, owners }: Pick<World, "api" | "partnerId" | "owners">,
  word: string,
): Promise<Person> {
  const email = `${word}@mailbox.test`;
  const names = { acme: `Ada ${word} Acme`, globex: `Ada ${word} Globex` };
  const client = `${word}-agent/1.0`;
  const password = `the secret word of ${word}`;
  const invite = async (tenantId: TenantId, path: string, roles: string[], name: string) => {
    const key = { "Idempotency-Key": `invite-${word}` };
    const sent = await send(api, owners.get(tenantId), path, { email, roles }, key);
    const token = await api.mailedToken(tenantId, String(sent["invitationId"]));
    await send(
      api,
      undefined,
      "/invitations/accept",
      { token, displayName: name, password },
      { "User-Agent": client },
    );
  };
  await invite(ACME, "/invitations", ["admin"], names.acme);
  await invite(GLOBEX, `/partners/${partnerId}/invitations`, ["partner-exec"], names.globex);
  // One that nobody answers, to another side of a tenant.
  await send(api, owners.get(GLOBEX), "/invitations", { email, roles: ["viewer"] });

  const login = await send(
    api,
    undefined,
    "/login",
    { email, password, tenantId: ACME },
    { "User-Agent": client },
  );
  const token = String(login["accessToken"]);
  const keyName = `the machine of ${word}`;
  await send(
    api,
    token,
    "/api-keys",
    { name: keyName, scopes: ["partners:read"], lifetimeDays: 30 },
    { "Idempotency-Key": `key-${word}` },
  );
  await send(api, undefined, "/login/link", { email });

  const { people } = await systemOf(api);
  const personId = PersonId.parse(await people.findPersonId(email as never));
  const { memberships } = await people.load(personId);
  const memberId = MemberId.parse(
    memberships.find(({ tenantId }) => tenantId === ACME)?.membershipId,
  );
  const partnerUserId = PartnerUserId.parse(
    memberships.find(({ tenantId }) => tenantId === GLOBEX)?.membershipId,
  );
  const subject = `subject-of-${word}`;
  const acme = openTenantStore(api.store.table, ACME);
  const by = { kind: "member", memberId } as const;
  await acme.singleSignOn.saveLink(
    {
      ...{ memberId, personId, subject, version: 1 },
      issuer: "https://login.acme.example",
      linkedAt: NOON.toISOString(),
    },
    eventOf("single-sign-on.linked", by, NOON, { issuer: "https://login.acme.example", memberId }),
  );
  return {
    ...{ email, personId, memberId, partnerUserId, token },
    canaries: new Map([
      ["address", email],
      ["name in ACME", names.acme],
      ["name in GLOBEX", names.globex],
      ["name in lower case", names.acme.toLowerCase()],
      ["client", client],
      ["name of the API key", keyName],
      ["subject of the provider", subject],
      ["anything with the word", word],
    ]),
  };
}

const systemOf = async (api: TestApi) => {
  const { openSystemStore } = await import("@concord/storage");
  return openSystemStore(api.store.table);
};

/** Hashes and salts of the person, as they are stored. */
async function withSecrets(api: TestApi, person: Person): Promise<Person> {
  const found = new Map(person.canaries);
  for (const row of await api.store.dump()) {
    const { entity, passwordHash, refreshHash, salt, holder, personId } = row;
    if (entity === "Person" && personId === person.personId) {
      found.set("password hash", String(passwordHash));
    }
    if (entity === "LoginSession" && personId === person.personId) {
      found.set(`refresh hash of ${String(row["sessionId"])}`, String(refreshHash));
    }
    const isTheirs = holder === person.memberId || holder === person.partnerUserId;
    if (entity === "PersonSalt" && isTheirs) found.set(`salt of ${holder}`, String(salt));
  }
  return { ...person, canaries: found };
}

const asSystem = (table: Table, tenantId: TenantId) => ({
  actor: { kind: "system", name: "stream" } as const,
  store: openTenantStore(table, tenantId),
  now: LATER,
  mint: () => {
    throw new Error("nothing is made here");
  },
});

/** Enters every change into the trail of its tenant, links and signs it. */
export async function recordAll(table: Table, rows: readonly Item[]): Promise<void> {
  for (const tenantId of [ACME, GLOBEX]) {
    const ctx = asSystem(table, tenantId);
    const days = new Set<string>();
    for (const row of rows) {
      if (row["entity"] !== "Event" || !String(row["pk"]).startsWith(`T#${tenantId}#`)) continue;
      const source = auditSourceOf(row);
      await recordChange(ctx, source);
      days.add(source.event.at.slice(0, 10));
    }
    for (const day of [...days].sort()) await linkDay(ctx, day);
    await signHead(ctx, tenantId, sign);
  }
}

export const verified = (table: Table, tenantId: TenantId) =>
  verifyTrail(asSystem(table, tenantId), { tenantId, verifyHead });

/** Which of a person's canaries stand in these rows. */
export const leftOf = ({ canaries }: Person, rows: readonly Item[]): string[] => {
  const texts = rows.map((row) => JSON.stringify(row));
  return [...canaries]
    .filter(([, canary]) => texts.some((text) => text.includes(canary)))
    .map(([what]) => what);
};
