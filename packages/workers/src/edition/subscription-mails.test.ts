import { issueInvoice } from "@concord/core/edition";
import type { TenantId } from "@concord/core/id";
import { addMember } from "@concord/core/member";
import { createTenant } from "@concord/core/tenant";
import { TimerKind } from "@concord/core/timer";
import { ACME, GLOBEX, NOON, type TestStore, testStore } from "@concord/local/testing";
import { openSystemStore, tenantIdOf } from "@concord/storage";
import { beforeEach, describe, expect, it } from "vitest";
import { added } from "../change-feed/changes.fixture.ts";
import type { Mail } from "../notification/compose-mail.ts";
import { sendMail } from "../notification/send-mail.ts";
import { runTick } from "../timer/run-tick.ts";
import { subscriptionTimers } from "./subscription-timers.ts";

const after = (days: number) => new Date(NOON.getTime() + days * 86_400_000);

describe("mails about paying", () => {
  let test: TestStore;
  let seen: Set<string>;
  beforeEach(async () => {
    test = await testStore();
    seen = new Set();
    for (const [tenantId, name] of [
      [ACME, "Acme"],
      [GLOBEX, "Globex"],
    ] as const) {
      await createTenant(
        { ...test.asSystem(tenantId), openTenant: test.openTenant },
        {
          tenantId,
          tenant: { name, timeZone: "UTC", fiscalYearStartMonth: 1, currency: "USD" },
          owner: {
            email: `owner@${name.toLowerCase()}.test`,
            displayName: "Olga",
            initialPassword: "a password of these tests",
          },
          subscription: { edition: "growth", begins: tenantId === ACME ? "trial" : "active" },
        },
      );
    }
    await addMember(test.asSystem(ACME), {
      ...{ email: "viewer@acme.test", displayName: "Vera", roles: ["viewer"] },
      initialPassword: "a password of these tests",
    });
  });

  const contextOf = (tenantId: TenantId, now: Date) => ({ ...test.asSystem(tenantId), now });
  /** A tick at this instant, and the mails of the events there are since the last one. */
  async function pass(now: Date): Promise<Mail[]> {
    const done = () => Promise.resolve("done" as const);
    await runTick(
      {
        timers: openSystemStore(test.table).timers,
        handlers: {
          ...Object.fromEntries(TimerKind.options.map((kind) => [kind, done])),
          ...subscriptionTimers({ contextOf }),
        } as never,
        log: () => undefined,
      },
      now,
    );
    const sent: Mail[] = [];
    const fresh = (await test.dump()).filter(({ pk, sk, entity }) => {
      const name = `${pk} ${sk}`;
      return entity === "Event" && !seen.has(name) && seen.add(name);
    });
    const answer = await sendMail(
      {
        contextOf: (tenantId) => contextOf(tenantId, now),
        tenantOf: tenantIdOf,
        transport: { send: async (mail) => void sent.push(mail) },
        tokenSecret: new Uint8Array(32).fill(7),
        baseUrl: "https://concord.example/",
        ...{ wallNow: () => now.getTime(), leaseMs: 60_000 },
        log: () => undefined,
      },
      added(...fresh),
    );
    expect(answer).toEqual({ batchItemFailures: [] });
    return sent;
  }
  const told = (mails: readonly Mail[]) => mails.map(({ to, subject }) => `${to}: ${subject}`);

  it("P-01 call the end of a trial to mind seven days and one day before, to owners alone", async () => {
    expect(told(await pass(after(22.9)))).toEqual([]);
    const ending = ["owner@acme.test: The trial of Acme ends soon"];
    const week = await pass(after(23));
    expect(told(week)).toEqual(ending);
    expect(week[0]?.text).toContain("Sunday 14 February 2027 at 12:00 (UTC)");
    expect(told(await pass(after(23.5)))).toEqual([]);
    expect(told(await pass(after(29)))).toEqual(ending);
    expect(told(await pass(after(30)))).toEqual([]);
  });

  it("are sent once by a tick that comes late, and never after the trial", async () => {
    expect(told(await pass(after(29.5)))).toEqual(["owner@acme.test: The trial of Acme ends soon"]);
    expect(told(await pass(after(31)))).toEqual([]);
  });

  it("P-01 tell of an overdue invoice, and of a suspension though nobody works there any more", async () => {
    const dueAt = after(3).toISOString();
    const invoice = { number: "2027-0001", amountMinor: 120_000, currency: "USD", dueAt };
    await issueInvoice(contextOf(GLOBEX, NOON), invoice);
    const overdue = await pass(after(4));
    expect(told(overdue)).toEqual(["owner@globex.test: Invoice 2027-0001 is overdue"]);
    expect(overdue[0]?.text).toContain("1,200.00 USD");
    const later = await pass(after(19));
    expect(told(later)).toEqual(["owner@globex.test: Globex is suspended"]);
  });
});
