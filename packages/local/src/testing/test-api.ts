import { randomBytes, randomUUID } from "node:crypto";
import type { MemberRole, PartnerRole } from "@concord/core/actor";
import type { PartnerId, TenantId } from "@concord/core/id";
import type { UploadTargets } from "@concord/core/import";
import { addMember, addPartnerUser, type Member, type PartnerUser } from "@concord/core/member";
import { createTenant } from "@concord/core/tenant";
import { openRequestStores } from "@concord/storage";
import { ACME, GLOBEX, NOON, type TestStore, testStore } from "./test-store.ts";

type Line = Readonly<Record<string, unknown>>;

interface RequestOptions {
  readonly method?: string;
  readonly token?: string | undefined;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The whole API over a fresh table, with the tenants ACME and GLOBEX in it. */
export interface TestApi {
  readonly store: TestStore;
  /** One line per request, oldest first. */
  readonly log: readonly Line[];
  /** The wall clock; move it to let tokens expire. */
  wallNow: Date;
  readonly signingKey: Awaited<ReturnType<typeof import("@concord/api").generateSigningKey>>;
  readonly issuer: string;
  request(path: string, options?: RequestOptions): Promise<Response>;
  /** A new member of these roles. */
  member(tenantId: TenantId, ...roles: MemberRole[]): Promise<{ token: string; member: Member }>;
  partnerUser(
    tenantId: TenantId,
    partnerId: PartnerId,
    ...roles: PartnerRole[]
  ): Promise<{ token: string; partnerUser: PartnerUser }>;
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

/** A fresh table, both tenants in it, and the API as production makes it. */
export async function testApi(): Promise<TestApi> {
  const { createApi, generateSigningKey } = await import("@concord/api");
  const store = await testStore();
  const signingKey = await generateSigningKey();
  const log: Line[] = [];
  let wallNow = NOON;
  const app = createApi({
    openStores: (request) => openRequestStores(store.table, request),
    signingKey,
    issuer: ISSUER,
    cursorSecret: new TextEncoder().encode("the cursor secret of these tests"),
    ports: { allowedOrigins: ["https://console.concord.test"], uploads: testUploads, newSecret },
    now: () => NOON,
    wallNow: () => wallNow,
    mint: store.mint,
    log: (line) => log.push(line),
    checksAnswers: true,
  });
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

  const request: TestApi["request"] = async (path, { method, token, body, headers } = {}) =>
    app.request(path, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });

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
    request,
    logIn,
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
