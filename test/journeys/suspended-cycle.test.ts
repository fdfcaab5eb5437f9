import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TenantId } from "@concord/core/id";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMail } from "../../packages/local/src/demo/read-mail.ts";
import { type LocalRuntime, startRuntime } from "../../packages/local/src/runtime/start-runtime.ts";

const START = new Date("2027-01-10T09:00:00.000Z");
const PASSWORD = "a password of this journey";

type Json = Record<string, unknown>;

/** Two vendors through half a year; one of them does not pay while windows of its cycle pass. */
describe("a cycle that is held over a suspension", () => {
  let folder: string;
  let runtime: LocalRuntime;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "concord-suspended-"));
    runtime = await startRuntime({ folder, background: false, startAt: START });
  });
  afterAll(async () => {
    await runtime.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function send(path: string, token?: string, body?: unknown, etag?: string): Promise<Json> {
    const response = await fetch(`${runtime.url}/v1${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(etag ? { "If-Match": etag } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Json);
  }
  const at = async (instant: string) => {
    runtime.clock.set(new Date(instant));
    await runtime.settle();
  };
  const itemsOf = async (path: string, token: string) =>
    (await send(path, token))["items"] as Json[];
  const logIn = async (email: string) =>
    String((await send("/login", undefined, { email, password: PASSWORD }))["accessToken"]);

  async function vendor(name: string) {
    const email = `owner@${name.toLowerCase()}.test`;
    const tenant = { name, timeZone: "Europe/Berlin", fiscalYearStartMonth: 1, currency: "EUR" };
    await send("/sign-ups", undefined, { email, displayName: "Olga Owner", tenant });
    await runtime.settle();
    const mails = (await runtime.outbox.list()).filter(({ mailId }) =>
      mailId.startsWith("sign-up"),
    );
    const texts = await Promise.all(mails.map(({ mailId }) => runtime.outbox.read(mailId)));
    const mail = texts.map((text) => readMail(text ?? "")).find(({ to }) => to.includes(email));
    const token = /ten_[0-9A-Z]{26}\.[\w-]{43}/.exec(mail?.text ?? "")?.[0];
    const made = await send("/sign-ups/confirm", undefined, { token, password: PASSWORD });
    const tenantId = TenantId.parse(made["tenantId"]);
    const owner = await logIn(email);
    for (const partner of ["Northwind", "Wingtip"]) {
      await send("/partners", owner, { name: `${partner} of ${name}`, region: "Central" });
    }
    const program = await send("/programs", owner, { from: "reseller-template", name: "Review" });
    await send(
      `/programs/${String(program["programId"])}/publish`,
      owner,
      { effectiveFrom: "2027-Q2" },
      `"${String(program["version"])}"`,
    );
    return { tenantId, email };
  }
  let invoices = 0;
  const invoice = (tenantId: TenantId, dueAt: string) => {
    invoices += 1;
    return runtime.billing.issueInvoice(tenantId, {
      number: `2027-${invoices}`,
      amountMinor: 99_000,
      currency: "EUR",
      dueAt,
    });
  };
  const pay = async (tenantId: TenantId) => {
    const { invoiceId } = await invoice(tenantId, "2027-12-01T00:00:00.000Z");
    await runtime.billing.recordPayment(tenantId, invoiceId);
  };
  /** Of each cycle what it is; its version counts what happened to it, each with an event of its own. */
  async function cyclesOf(email: string) {
    const token = await logIn(email);
    const cycles = await itemsOf("/review-cycles", token);
    return Promise.all(
      cycles.map(async ({ cycleId, period, status, version }) => {
        const reviews = await itemsOf(`/review-cycles/${String(cycleId)}/reviews`, token);
        return {
          ...{ period, status, version },
          reviews: reviews.map((review) => [review["status"], review["outcome"] ?? null]),
        };
      }),
    );
  }
  /** It was opened, its partners were fixed, and each had its review. */
  const OPENED = 3;
  /** Its freeze has begun, and ended. */
  const FROZEN = 5;
  /** It was closed, and then each review. */
  const CLOSED = 7;
  const waiting = ["open", null];
  const unsigned = ["closed", "not-signed"];

  it("P-06 opens, freezes and closes nothing while it lasts, everything due once when it ends, and nothing again; and every event of both is in a signed chain", async () => {
    const acme = await vendor("Acme");
    const globex = await vendor("Globex");
    await pay(acme.tenantId);
    await pay(globex.tenantId);
    await at("2027-04-02T09:00:00.000Z");
    const q2 = { period: "2027-Q2", status: "open", version: OPENED, reviews: [waiting, waiting] };
    expect(await cyclesOf(acme.email)).toEqual([q2]);
    expect(await cyclesOf(globex.email)).toEqual([q2]);

    const unpaid = await invoice(acme.tenantId, "2027-06-01T00:00:00.000Z");
    for (const day of ["2027-06-02", "2027-06-17", "2027-07-15"]) {
      await at(`${day}T09:00:00.000Z`);
    }
    const frozen = { ...q2, status: "frozen", version: FROZEN };
    const q3 = { ...q2, period: "2027-Q3" };
    expect(await cyclesOf(acme.email)).toEqual([q2]);
    expect(await cyclesOf(globex.email)).toEqual([q3, frozen]);

    await at("2027-08-05T09:00:00.000Z");
    const closed = { ...q2, status: "closed", version: CLOSED, reviews: [unsigned, unsigned] };
    expect(await cyclesOf(acme.email)).toEqual([q2]);
    expect(await cyclesOf(globex.email)).toEqual([q3, closed]);

    await runtime.billing.recordPayment(acme.tenantId, unpaid.invoiceId);
    await at("2027-08-05T10:01:00.000Z");
    expect(await cyclesOf(acme.email)).toEqual([q3, closed]);
    await at("2027-08-08T09:00:00.000Z");
    expect(await cyclesOf(acme.email)).toEqual([q3, closed]);
    expect(await cyclesOf(globex.email)).toEqual([q3, closed]);

    for (const { email } of [acme, globex]) {
      const token = await logIn(email);
      const heads = await itemsOf("/audit-heads?limit=100", token);
      expect(heads.length).toBeGreaterThan(0);
      const verified = await send("/audit-verification", token);
      expect(verified).toMatchObject({ outcome: "intact", findings: [] });
      expect(Number(verified["entries"])).toBeGreaterThan(15);
      expect(Number(verified["links"])).toBeGreaterThan(3);
      // Nothing of the three days before waits for its link any more.
      expect(verified["waiting"]).toBe(0);
    }
  }, 300_000);
});
