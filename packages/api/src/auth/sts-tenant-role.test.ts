import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from "@aws-sdk/client-sts";
import { TenantId } from "@concord/core/id";
import { ACME, GLOBEX } from "@concord/local/testing";
import { connectTable, type Table, tenantTables } from "@concord/storage";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stsTenantRole } from "./sts-tenant-role.ts";

const ROLE = "arn:aws:iam::123456789012:role/concord-production-TenantRole";
const HOUR = 3_600_000;
const MINUTE = 60_000;
const tenant = (n: number) => TenantId.parse(`ten_${String(n).padStart(26, "0")}`);
const sts = mockClient(STSClient);
const assume = stsTenantRole(new STSClient({ region: "eu-west-1" }), ROLE);

const tenantAsked = ({ Tags = [] }: AssumeRoleCommandInput) =>
  String(Tags.find(({ Key }) => Key === "tenantId")?.Value);
const asked = () =>
  sts.commandCalls(AssumeRoleCommand).map(({ args: [{ input }] }) => tenantAsked(input));

let isThrottled = false;

beforeEach(() => {
  isThrottled = false;
  sts.reset();
  sts.on(AssumeRoleCommand).callsFake(async (input) => {
    await Promise.resolve();
    if (isThrottled) throw new Error("throttled");
    return {
      Credentials: {
        AccessKeyId: `key-of-${tenantAsked(input)}`,
        SecretAccessKey: "secret",
        SessionToken: tenantAsked(input),
        Expiration: new Date(Date.now() + HOUR),
      },
    };
  });
});

describe("a session of the tenant role", () => {
  it("is asked for with one tag that stays, named after the tenant, for an hour", async () => {
    await assume(ACME);
    expect(sts.commandCalls(AssumeRoleCommand).map(({ args: [{ input }] }) => input)).toEqual([
      {
        RoleArn: ROLE,
        RoleSessionName: ACME,
        DurationSeconds: 3_600,
        Tags: [{ Key: "tenantId", Value: ACME }],
        TransitiveTagKeys: ["tenantId"],
      },
    ]);
  });

  it.each(["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"])(
    "is none without %s",
    async (missing) => {
      const Credentials = {
        AccessKeyId: "key",
        SecretAccessKey: "secret",
        SessionToken: "token",
        Expiration: new Date(),
        [missing]: undefined,
      };
      sts.on(AssumeRoleCommand).resolves({ Credentials });
      await expect(assume(ACME)).rejects.toThrow("STS answered without credentials");
      sts.on(AssumeRoleCommand).resolves({});
      await expect(assume(ACME)).rejects.toThrow("STS answered without credentials");
    },
  );
});

describe("the table under a tenant's session, as it goes over the wire", () => {
  /** Each request: whose token signs it, and whose partition it names. */
  let sent: { readonly by: string; readonly of: string }[] = [];
  beforeEach(() => {
    sent = [];
    vi.useFakeTimers({ toFake: ["Date"], now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const requestHandler = {
    async handle({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) {
      const key = JSON.parse(new TextDecoder().decode(body)) as { Key: { pk: { S: string } } };
      sent.push({
        by: headers["x-amz-security-token"] ?? "nobody",
        of: key.Key.pk.S.split("#")[1] ?? "",
      });
      return { response: { statusCode: 200, headers: {}, body: new TextEncoder().encode("{}") } };
    },
    metadata: { handlerProtocol: "http/1.1" },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
  const place = { name: "concord", sleep: () => Promise.resolve(), random: () => 0 };
  const open = (most?: number) =>
    tenantTables({
      assume,
      connect: (credentials) =>
        connectTable(
          new DynamoDBClient({
            credentials,
            region: "eu-west-1",
            maxAttempts: 1,
            requestHandler: requestHandler as never,
          }),
          place,
        ),
      now: Date.now,
      ...(most === undefined ? {} : { most }),
    });
  const read = (tableOf: (tenantId: TenantId) => Table, tenantId: TenantId) =>
    tableOf(tenantId).get({ pk: `T#${tenantId}#TENANT`, sk: "TENANT" });
  const misplaced = () => sent.filter(({ by, of }) => by !== of);

  it("shares one AssumeRole between first requests at once, and one a tenant", async () => {
    const tableOf = open();
    const both = Array.from({ length: 40 }, (_, n) => read(tableOf, n % 2 ? ACME : GLOBEX));
    await Promise.all(both);
    expect(sent).toHaveLength(40);
    expect(asked().sort()).toEqual([ACME, GLOBEX].sort());
    await read(tableOf, ACME);
    expect(asked()).toHaveLength(2);
  });

  it("never signs a tenant's request with another's session, however requests and evictions mingle", async () => {
    const tableOf = open(3);
    await Promise.all(
      Array.from({ length: 120 }, async (_, n) => {
        for (let turn = n % 7; turn > 0; turn -= 1) await Promise.resolve();
        await read(tableOf, tenant((n * 31 + (n % 5)) % 8));
      }),
    );
    expect(sent).toHaveLength(120);
    expect(new Set(sent.map(({ of }) => of)).size).toBe(8);
    expect(misplaced()).toEqual([]);
    // Eight tenants in room for three: sessions were given up and asked for again.
    expect(asked().length).toBeGreaterThan(8);
  });

  it("and one connection for all tenants would show", async () => {
    const tableOf = open();
    const first = tableOf(ACME);
    await Promise.all([read(() => first, ACME), read(() => first, GLOBEX)]);
    expect(misplaced()).toEqual([{ by: ACME, of: GLOBEX }]);
  });

  it("keeps as many sessions as it may and gives up the one not used for longest", async () => {
    const tableOf = open(2);
    for (const n of [1, 2, 1, 3]) await read(tableOf, tenant(n));
    expect(asked()).toEqual([tenant(1), tenant(2), tenant(3)]);
    await read(tableOf, tenant(1));
    expect(asked()).toHaveLength(3);
    await read(tableOf, tenant(2));
    expect(asked().at(-1)).toBe(tenant(2));
  });

  it("signs nothing with a session that ends within five minutes, and asks once for the next", async () => {
    const tableOf = open();
    await read(tableOf, ACME);
    vi.setSystemTime(HOUR - 20 * MINUTE);
    await read(tableOf, ACME);
    expect(asked()).toEqual([ACME]);
    vi.setSystemTime(HOUR - 4 * MINUTE);
    await Promise.all(Array.from({ length: 10 }, () => read(tableOf, ACME)));
    expect(asked()).toEqual([ACME, ACME]);
  });

  it("forgets a failure: the next request asks again", async () => {
    const tableOf = open();
    isThrottled = true;
    const both = await Promise.allSettled([read(tableOf, ACME), read(tableOf, ACME)]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(sent).toEqual([]);
    isThrottled = false;
    await read(tableOf, ACME);
    expect(sent.at(-1)).toEqual({ by: ACME, of: ACME });
  });
});
