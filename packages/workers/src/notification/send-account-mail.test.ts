import { LoginLinkId, PersonId } from "@concord/core/id";
import { mailedLink } from "@concord/core/login-link";
import { addMember } from "@concord/core/member";
import { type SecurityEvent, securityEvent } from "@concord/core/security-event";
import { ACME, discreet, NOON, type TestStore, testStore } from "@concord/local/testing";
import { openSystemStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { added } from "../change-feed/changes.fixture.ts";
import type { Mail } from "./compose-mail.ts";
import { sendAccountMail } from "./send-account-mail.ts";

const secret = new Uint8Array(32).fill(7);

describe("mails of rows outside the tenants", () => {
  let test: TestStore;
  let personId: PersonId;
  beforeAll(async () => {
    test = await testStore();
    const member = await addMember(test.asSystem(ACME), {
      ...{ email: "olga@northwind.example", displayName: "Olga" },
      ...{ initialPassword: "a password of these tests", roles: ["viewer"] },
    });
    personId = member.personId;
  });

  const link = (of: PersonId, expiresAt = NOON.getTime() / 1000 + 900) => ({
    ...{ pk: "SYSTEM#LOGINLINK#x", sk: "LINK", entity: "LoginLink", schemaVersion: 1 },
    ...{ linkId: test.mint(LoginLinkId), personId: of, tokenHash: "0", expiresAt },
    createdAt: NOON.toISOString(),
  });
  async function feed(rows: readonly Readonly<Record<string, unknown>>[], isDown = false) {
    const sent: Mail[] = [];
    const lines: unknown[] = [];
    const answer = await sendAccountMail(
      {
        people: openSystemStore(test.table).people,
        transport: {
          async send(mail) {
            if (isDown) throw new Error("down");
            sent.push(mail);
          },
        },
        ...{ tokenSecret: secret, baseUrl: "https://concord.example/", wallNow: () => NOON },
        log: discreet((line) => lines.push(line)),
      },
      added(...rows),
    );
    return { sent, lines, answer };
  }

  it("P-03 send the link to who has the address, with the token that the table does not hold", async () => {
    const row = link(personId);
    const { sent, answer } = await feed([row]);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(sent.map(({ to }) => to)).toEqual(["olga@northwind.example"]);
    const token = mailedLink(secret, row.linkId);
    expect(sent[0]?.text).toContain(token);
    expect(sent[0]?.html).toContain(token);
    expect(JSON.stringify(row)).not.toContain(token.split(".")[1]);
  });

  const happened = (kind: SecurityEvent["kind"]) => {
    const client = "Firefox 142 on Windows <b>";
    const event = securityEvent(kind, { personId, client }, NOON);
    return { ...event, pk: `SYSTEM#SECURITY#${personId}`, entity: "SecurityEvent" };
  };

  it.each([
    ["second-factor-added", "A second factor was added"],
    ["second-factor-removed", "was removed"],
    ["password-changed", "password was changed"],
  ] as const)("P-03 tell a person of %s, once under one id", async (kind, subject) => {
    const { sent } = await feed([happened(kind), happened(kind)]);
    expect(sent.map(({ to }) => to)).toEqual(["olga@northwind.example", "olga@northwind.example"]);
    expect(new Set(sent.map(({ mailId }) => mailId)).size).toBe(1);
    expect(sent[0]?.subject).toContain(subject);
    expect(sent[0]?.text).toContain(`${NOON.toISOString()} by Firefox 142 on Windows <b>`);
    expect(sent[0]?.html).not.toContain("<b>");
  });

  it("tell nobody of what happens each day, nor of a person who is gone", async () => {
    const gone = { ...happened("password-changed"), personId: test.mint(PersonId) };
    const { sent } = await feed([happened("logged-in"), happened("session-ended"), gone]);
    expect(sent).toEqual([]);
  });

  it("send nothing for an address that nobody has, nor when the link is over, nor for other rows", async () => {
    const { sent, answer } = await feed([
      link(test.mint(PersonId)),
      link(personId, NOON.getTime() / 1000),
      { ...link(personId), entity: "GuessBucket" },
    ]);
    expect(sent).toEqual([]);
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  it("come again from where the transport failed, and log no address", async () => {
    const { answer, lines } = await feed([link(test.mint(PersonId)), link(personId)], true);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
    expect(JSON.stringify(lines)).not.toContain("@");
  });
});
