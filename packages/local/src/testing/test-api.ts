import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { MemberRole, PartnerRole } from "@concord/core/actor";
import type { PaymentProvider } from "@concord/core/billing";
import { InvitationId, type PartnerId, type TenantId } from "@concord/core/id";
import type { UploadTargets } from "@concord/core/import";
import { toMailed } from "@concord/core/invitation";
import type { LoginLimits } from "@concord/core/login-limit";
import { addMember, addPartnerUser, type Member, type PartnerUser } from "@concord/core/member";
import { oneTimeToken } from "@concord/core/one-time-token";
import type { HashPassword } from "@concord/core/person";
import type { Limits } from "@concord/core/rate-limit";
import { createTenant } from "@concord/core/tenant";
import type { DownloadTargets } from "@concord/core/tenant-export";
import { openRequestStores, type RequestStores } from "@concord/storage";
import { isAccountPath } from "../../../../infra/account-paths.ts";
import { accountPolicy, tenantPolicy, untenantedPolicy } from "../../../../infra/tenant-role.ts";
import { judgedTable } from "../rights/index.ts";
import { ACME, GLOBEX, NOON, type TestStore, testStore } from "./test-store.ts";
import { toldSecrets } from "./told-secrets.ts";

type Line = Readonly<Record<string, unknown>>;

interface RequestOptions {
  readonly method?: string;
  readonly token?: string | undefined;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  /** Which one `If-Match` names. */
  readonly version?: number | undefined;
  /** Sent as `Idempotency-Key`. */
  readonly key?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the gateway says that the request comes from. */
  readonly clientAddress?: string;
}

/** Both functions of the API, behind one origin as at the gateway, over a fresh table, with the tenants ACME and GLOBEX in it. */
export interface TestApi {
  readonly store: TestStore;
  /** One line per request, oldest first. */
  readonly log: readonly Line[];
  /** The wall clock; move it to let tokens expire. */
  wallNow: Date;
  readonly signingKey: Awaited<ReturnType<typeof import("@concord/api").generateSigningKey>>;
  readonly issuer: string;
  /** What one-time tokens are derived from. */
  readonly tokenSecret: Uint8Array;
  /** Passwords that the API has hashed so far. */
  readonly hashes: number;
  request(path: string, options?: RequestOptions): Promise<Response>;
  /** The same API over the same table, but for the stores that its requests open, and for what is planted. */
  through(
    openStores: (request: { readonly requestId: string }) => RequestStores,
    planted?: Planted,
  ): TestApi["request"];
  /** A new member of these roles. */
  member(tenantId: TenantId, ...roles: MemberRole[]): Promise<{ token: string; member: Member }>;
  partnerUser(
    tenantId: TenantId,
    partnerId: PartnerId,
    ...roles: PartnerRole[]
  ): Promise<{ token: string; partnerUser: PartnerUser }>;
  /** The token that the last mail of this invitation carries. */
  mailedToken(tenantId: TenantId, invitationId: string): Promise<string>;
  /** The access token that this address and password get. */
  logIn(email: string, password: string): Promise<string>;
}

/** What everybody of a test API logs in with. */
export const TEST_PASSWORD = "a password of these tests";
const ISSUER = "https://api.concord.test";

const newSecret = () => randomBytes(32).toString("base64url");
const testUploads: UploadTargets = {
  targetOf: async ({ key }) => ({
    method: "PUT",
    url: `https://uploads.concord.test/${key}`,
    headers: {},
    expiresAt: NOON.toISOString(),
  }),
};

const testDownloads: DownloadTargets = {
  urlOf: async (key) => `https://uploads.concord.test/${key}`,
};

const secret = (what: string) =>
  new TextEncoder().encode(`the ${what} secret of these tests, all of it`);

/** In the form of the real one, which is made to be slow: tests log in thousands of times. */
const quickHash = (password: string, owner: string): string => {
  const hash = createHash("sha256").update(`${owner}:${password.normalize("NFKC")}`);
  return `$argon2id$v=19$m=8,t=1,p=1$${hash.digest("base64").slice(0, 43)}`;
};

/** One for all test APIs of a worker: to make a key takes longer than most tests. */
let signingKeyOfTests: Promise<TestApi["signingKey"]> | undefined;

/** The clock of a test API stands still, so that no token ever comes back. */
const wide = { burst: 1_000_000, emissionMilliseconds: 1, lease: 1 };
const wideLimits: Limits = {
  read: { ...wide, lease: 50 },
  write: wide,
  bulk: wide,
  secret: wide,
};

const wideLoginLimits: LoginLimits = {
  ...{ linkPrefix: wide, linkPair: wide, linkAccount: wide },
  ...{ pair: wide, prefix: wide, account: wide, domain: wide },
  ...{ codePair: wide, codeAccount: wide },
  knownMilliseconds: 90 * 86_400_000,
};

type AppApi = ReturnType<typeof import("@concord/api").createAppApi>;
/** What a function of the API answers, as its router has it. */
export type Served = readonly Pick<AppApi["routes"][number], "method" | "path">[];

/** What is wrong with the app function, so that those who look for it can be tested. */
export interface Planted {
  /** Routes beside those of its manifest. */
  readonly routes?: typeof import("@concord/api").appManifest["routes"];
  /** Is shown both functions of the API before they answer anything, and may open more in the first. */
  onApps?(app: Pick<AppApi, "routes" | "get">, account: { readonly routes: Served }): void;
}

/** A fresh table, both tenants in it, and the API as production makes it. */
export async function testApi({
  limits = wideLimits,
  loginLimits = wideLoginLimits,
  wallNow: startsAt = NOON,
  payments,
}: {
  readonly loginLimits?: LoginLimits;
  readonly limits?: Limits;
  /** Where the wall clock starts; the signing key is published then. */
  readonly wallNow?: Date;
  /** Where tenants pay by themselves; without one the operator bills by hand. */
  readonly payments?: PaymentProvider;
} = {}): Promise<TestApi> {
  const { appManifest, createAccountApi, createAppApi, generateSigningKey } = await import(
    "@concord/api"
  );
  let hashes = 0;
  const hashPassword: HashPassword = async (password, owner) => {
    hashes += 1;
    return quickHash(password, owner);
  };
  const plain = await testStore();
  const hashing: TestStore["asSystem"] = (tenantId) => ({
    ...plain.asSystem(tenantId),
    ...{ hashPassword },
  });
  const store: TestStore = { ...plain, asSystem: hashing };
  signingKeyOfTests ??= generateSigningKey();
  const signingKey = await signingKeyOfTests;
  const log: Line[] = [];
  const told: string[] = [];
  let wallNow = startsAt;
  const both = {
    issuer: ISSUER,
    limits,
    cursorSecret: secret("cursor"),
    allowedOrigins: ["https://console.concord.test"],
    now: () => NOON,
    wallNow: () => wallNow,
    mint: store.mint,
    log(line: Line) {
      log.push(line);
      told.push(...toldSecrets(line));
    },
    checksAnswers: true,
  };
  for (const [tenantId, name] of [
    [ACME, "Acme"],
    [GLOBEX, "Globex"],
  ] as const) {
    await createTenant(
      { ...store.asSystem(tenantId), openTenant: store.openTenant },
      {
        tenantId,
        tenant: {
          name,
          timeZone: "America/Chicago",
          fiscalYearStartMonth: 1,
          currency: "USD",
        },
        owner: {
          email: `owner@${name.toLowerCase()}.test`,
          displayName: `Owner of ${name}`,
          initialPassword: TEST_PASSWORD,
        },
      },
    );
  }

  const tokenSecret = secret("token");
  const through: TestApi["through"] = (openStores, { routes = [], onApps } = {}) => {
    const app = createAppApi(
      {
        ...both,
        openStores,
        ports: { uploads: testUploads, downloads: testDownloads, newSecret, auditKeys: [] },
      },
      { ...appManifest, routes: [...appManifest.routes, ...routes] },
    );
    const account = createAccountApi({
      ...both,
      ...{ openStores, tokenSecret, newSecret, loginLimits },
      hashPassword,
      signingKeys: [signingKey],
      singleSignOn: { publicUrl: () => ISSUER, allowsLoopback: true },
      payments,
    });
    onApps?.(app, account);
    return async (path, options = {}) => {
      const { method, token, body, version, key, headers, clientAddress = "192.0.2.1" } = options;
      const { pathname } = new URL(path, ISSUER);
      const answer = await (isAccountPath(pathname) ? account : app).request(
        path,
        {
          method: method ?? (body === undefined ? "GET" : "POST"),
          headers: {
            ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
            ...(body === undefined ? {} : { "Content-Type": "application/json" }),
            ...(version === undefined ? {} : { "If-Match": `"${version}"` }),
            ...(key === undefined ? {} : { "Idempotency-Key": key }),
            ...headers,
          },
          ...(body === undefined
            ? {}
            : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        },
        { requestContext: { http: { sourceIp: clientAddress } } },
      );
      if (told.length > 0) throw new Error(`A log line tells ${told.join("; ")}`);
      return answer;
    };
  };
  /** As deployed: outside of a tenant with the rights of the function, within one with the tenant's. */
  const tableOf = (tenantId: TenantId) => judgedTable(store.table, tenantPolicy, { tenantId });
  const deployed = (policyOf: typeof tenantPolicy) =>
    through((opened) =>
      openRequestStores(judgedTable(store.table, policyOf), { ...opened, tableOf }),
    );
  const ofApp = deployed(untenantedPolicy);
  const ofAccount = deployed(accountPolicy);
  const request: TestApi["request"] = (path, options) =>
    (isAccountPath(new URL(path, ISSUER).pathname) ? ofAccount : ofApp)(path, options);
  // The account function publishes its key with its first request; the app function waits for it.
  await request("/.well-known/jwks.json");
  log.length = 0;

  const logIn: TestApi["logIn"] = async (email, password) => {
    const response = await request("/v1/login", { body: { email, password } });
    const answer = (await response.json()) as { accessToken?: string };
    if (!answer.accessToken) throw new Error(`log-in failed: ${JSON.stringify(answer)}`);
    return answer.accessToken;
  };
  const newcomer = () => ({
    email: `${randomUUID()}@people.test`,
    displayName: "Somebody of these tests",
    initialPassword: TEST_PASSWORD,
  });

  return {
    store,
    log,
    get wallNow() {
      return wallNow;
    },
    set wallNow(to) {
      wallNow = to;
    },
    signingKey,
    issuer: ISSUER,
    tokenSecret,
    get hashes() {
      return hashes;
    },
    request,
    through,
    logIn,
    async mailedToken(tenantId, id) {
      const invitationId = InvitationId.parse(id);
      const invitation = await store.openTenant(tenantId).invitations.get(invitationId);
      if (!invitation) throw new Error(`there is no invitation ${id}`);
      const { generation } = invitation;
      const token = oneTimeToken(secret("token"), "invitation", invitationId, generation);
      return toMailed({ tenantId, invitationId, token });
    },
    async member(tenantId, ...roles) {
      const member = await addMember(store.asSystem(tenantId), { ...newcomer(), roles });
      return { member, token: await logIn(member.email, TEST_PASSWORD) };
    },
    async partnerUser(tenantId, partnerId, ...roles) {
      const input = { ...newcomer(), roles, partnerId };
      const partnerUser = await addPartnerUser(store.asSystem(tenantId), input);
      return { partnerUser, token: await logIn(partnerUser.email, TEST_PASSWORD) };
    },
  };
}
