import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TenantId } from "@concord/core/id";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMail } from "../../packages/local/src/demo/read-mail.ts";
import { type LocalRuntime, startRuntime } from "../../packages/local/src/runtime/start-runtime.ts";

const START = new Date("2027-01-10T09:00:00.000Z");
const DAY_MS = 86_400_000;
const PASSWORD = "a password of this journey";

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly etag: string;
}

/** A vendor organisation from its sign-up to its erasure, beside another one, on the whole local runtime. */
describe("the journey of a subscription", () => {
  let folder: string;
  let runtime: LocalRuntime;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "concord-subscription-"));
    runtime = await startRuntime({ folder, background: false, startAt: START });
  });
  afterAll(async () => {
    await runtime.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = async (
    path: string,
    {
      token,
      body,
      method,
      etag,
    }: Partial<Record<"token" | "method" | "etag", string>> & {
      body?: unknown;
    } = {},
  ): Promise<Answer> => {
    const response = await fetch(`${runtime.url}/v1${path}`, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(etag ? { "If-Match": etag } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
      etag: response.headers.get("ETag") ?? "",
    };
  };
  const after = async (days: number) => {
    runtime.clock.set(new Date(START.getTime() + days * DAY_MS));
    await runtime.settle();
  };
  const signUp = async (name: string): Promise<{ tenantId: TenantId; email: string }> => {
    const email = `owner@${name.toLowerCase()}.test`;
    const tenant = { name, timeZone: "Europe/Berlin", fiscalYearStartMonth: 1, currency: "EUR" };
    const wish = { email, displayName: "Olga Owner", tenant };
    expect(await send("/sign-ups", { body: wish })).toMatchObject({
      status: 202,
      body: { status: "mail-sent" },
    });
    await runtime.settle();
    const mails = (await runtime.outbox.list()).filter(({ mailId }) =>
      mailId.startsWith("sign-up"),
    );
    const texts = await Promise.all(mails.map(({ mailId }) => runtime.outbox.read(mailId)));
    const mail = texts.map((text) => readMail(text ?? "")).find(({ to }) => to.includes(email));
    const token = /ten_[0-9A-Z]{26}\.[\w-]{43}/.exec(mail?.text ?? "")?.[0];
    const made = await send("/sign-ups/confirm", { body: { token, password: PASSWORD } });
    expect(made.status).toBe(201);
    return { tenantId: TenantId.parse(made.body["tenantId"]), email };
  };
  const logIn = async (email: string): Promise<string> => {
    const { body } = await send("/login", { body: { email, password: PASSWORD } });
    return String(body["accessToken"]);
  };
  const partner = (name: string) => ({ name, region: "Central" });

  it("P-01 goes from sign-up over trial, payment, suspension and closing to erasure", async () => {
    const acme = await signUp("Acme");
    const globex = await signUp("Globex");
    let token = await logIn(acme.email);
    let other = await logIn(globex.email);
    const subscription = () => send("/subscription", { token });
    const state = async () => (await subscription()).body["state"];
    const add = async (name: string, as = token) =>
      (await send("/partners", { token: as, body: partner(name) })).status;

    expect(await state()).toBe("trial");
    expect(await add("Acme's Northwind")).toBe(201);
    expect(await add("Globex's Wingtip", other)).toBe(201);

    await after(31);
    token = await logIn(acme.email);
    expect(await state()).toBe("past-due");
    expect(await add("In the grace")).toBe(201);

    const invoice = await runtime.billing.issueInvoice(globex.tenantId, {
      number: "2027-1",
      amountMinor: 99_000,
      currency: "EUR",
      dueAt: new Date(START.getTime() + 60 * DAY_MS).toISOString(),
    });
    await runtime.billing.recordPayment(globex.tenantId, invoice.invoiceId);

    await after(46);
    expect(await state()).toBe("suspended");
    expect(await add("While suspended")).toBe(403);
    expect((await send("/partners", { token })).body["items"]).toHaveLength(2);
    other = await logIn(globex.email);
    expect(await add("Globex goes on", other)).toBe(201);

    const due = await runtime.billing.issueInvoice(acme.tenantId, {
      number: "2027-2",
      amountMinor: 99_000,
      currency: "EUR",
      dueAt: new Date(START.getTime() + 60 * DAY_MS).toISOString(),
    });
    await runtime.billing.recordPayment(acme.tenantId, due.invoiceId);
    expect(await state()).toBe("active");
    expect((await send("/subscription/invoices", { token })).body["items"]).toMatchObject([
      { number: "2027-2", status: "paid", amount: { amount: "990.00", currency: "EUR" } },
    ]);

    const change = async (edition: string) =>
      send("/subscription/change-edition", {
        token,
        etag: (await subscription()).etag,
        body: { edition },
      });
    expect((await change("enterprise")).body).toMatchObject({ edition: "enterprise" });
    for (let number = 0; number < 9; number += 1) expect(await add(`Partner ${number}`)).toBe(201);
    const refused = await change("starter");
    expect(refused.body).toMatchObject({
      code: "edition-too-small",
      errors: [{ pointer: "/edition", detail: "11 partners; it holds 10" }],
    });

    const closed = await send("/tenant/close", {
      token,
      etag: (await subscription()).etag,
      body: { tenantName: "Acme" },
    });
    expect(closed.body).toMatchObject({ state: "closed" });
    expect((await send("/partners", { token })).body["code"]).toBe("tenant-closed");

    const requested = await send("/exports", { token, method: "POST" });
    expect(requested.status).toBe(202);
    await runtime.settle();
    const exported = await send(`/exports/${String(requested.body["exportId"])}`, { token });
    const files = exported.body["files"] as { name: string; url: string; rows: number }[];
    const contents = await Promise.all(files.map(async ({ url }) => (await fetch(url)).text()));
    const partners = files.findIndex(({ name }) => name.startsWith("partner-0"));
    expect(contents[partners]?.trim().split("\n")).toHaveLength(11);
    expect(contents.join()).toContain("Acme's Northwind");
    expect(contents.join()).not.toMatch(/Globex|Wingtip|passwordHash|tokenHash/);
    const wrong = await fetch(`${files[0]?.url}x`);
    expect(wrong.status).toBe(403);

    await after(77);
    const gone = await send("/login", { body: { email: acme.email, password: PASSWORD } });
    expect(gone.status).toBe(401);
    expect((await send("/subscription", { token })).status).toBe(401);
    other = await logIn(globex.email);
    expect((await send("/partners", { token: other })).body["items"]).toHaveLength(2);
    expect((await send("/subscription", { token: other })).body["state"]).toBe("active");
  }, 120_000);
});
