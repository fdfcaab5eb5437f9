import { createHash } from "node:crypto";
import { StoredEvent } from "@concord/core/event";
import { MemberId, type TenantId } from "@concord/core/id";
import { addMember, endMember, getMember } from "@concord/core/member";
import { ACME, GLOBEX, type TestStore, testStore } from "@concord/local/testing";
import { openRequestStores } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { tenantKeys } from "./keys/index.ts";

describe("an event row", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await testStore();
  });

  const add = async (tenantId: TenantId, requestId: string, email: string) => {
    const { openTenant } = openRequestStores(test.table, { requestId });
    const ctx = { ...test.asMember(tenantId, "owner"), store: openTenant(tenantId) };
    const member = await addMember(
      { ...ctx, actor: test.asSystem(tenantId).actor },
      {
        email,
        displayName: "Ada Lovelace",
        roles: ["viewer"],
        initialPassword: "a password of these tests",
      },
    );
    return { ctx, member };
  };
  const eventsOf = async (tenantId: TenantId, memberId: MemberId) => {
    const { pk } = tenantKeys(tenantId).membership(memberId);
    const { items } = await test.table.query({ pk, sort: { prefix: "EVENT#" } });
    return items.map((item) => StoredEvent.parse(item));
  };

  it("names the request that caused it, in each tenant its own", async () => {
    const ours = await add(ACME, "request-1", "ada@acme.test");
    const theirs = await add(GLOBEX, "request-2", "ada@globex.test");
    expect((await eventsOf(ACME, ours.member.memberId))[0]?.requestId).toBe("request-1");
    expect((await eventsOf(GLOBEX, theirs.member.memberId))[0]?.requestId).toBe("request-2");
  });

  it("holds the digest of the row that the change left, and a person's fields apart from it", async () => {
    const { ctx, member } = await add(ACME, "request-3", "grace@acme.test");
    await endMember(ctx, { memberId: member.memberId, ifVersion: 1 });
    const after = await getMember(ctx, member.memberId);
    // The canonical text, written out: members in the order of their names.
    const text = JSON.stringify({
      createdAt: after.createdAt,
      duties: [],
      entity: "Member",
      memberId: after.memberId,
      personId: after.personId,
      roles: ["viewer"],
      schemaVersion: 1,
      status: "ended",
      updatedAt: after.updatedAt,
      version: 2,
    });
    const [added, ended] = await eventsOf(ACME, member.memberId);
    expect(ended?.stateDigest).toBe(createHash("sha256").update(text).digest("base64url"));
    expect(added?.stateDigest).not.toBe(ended?.stateDigest);
    expect(ended?.personal).toEqual({
      holder: member.memberId,
      fields: { displayName: "Ada Lovelace", email: "grace@acme.test" },
    });
    const { personal: _, ...rest } = ended ?? {};
    expect(JSON.stringify(rest)).not.toMatch(/Ada|grace/);
  });

  it("reads one of before as an event that knows neither its request nor its state", () => {
    const old = {
      type: "member.ended",
      at: "2026-11-15T12:00:00.000Z",
      by: { kind: "system", name: "bootstrap" },
      data: {},
      aggregate: { type: "Member", id: test.mint(MemberId), version: 2 },
      entity: "Event",
      schemaVersion: 1,
    };
    expect(StoredEvent.parse(old)).toMatchObject({ requestId: null, stateDigest: null });
  });
});
