import { openRequestStores } from "@concord/storage";
import { describe, expect, it } from "vitest";
import { ACME, testApi } from "./index.ts";
import { discreet, toldSecrets } from "./told-secrets.ts";

describe("a log line", () => {
  it.each([
    ["a signed token", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZW1fMSJ9.c2lnbmF0dXJlLW9m"],
    ["an address", { failure: "no mail for marit@alderwick-systems.example" }],
    ["a header that authorizes", "Authorization: Bearer abc"],
    ["a private key", { key: { kty: "OKP", d: "x" } }],
    ["a private key", { failure: JSON.stringify({ d: "x" }) }],
    ["a secret of 32 bytes", { token: "Zk3vQ8mXw2Jb7LrT9dPcYh1sNf6GaUe4RoKi5WtVxCz" }],
    ["a link of a second factor", "otpauth://totp/Concord"],
    ["a canary", { partner: "canary-0123" }],
    ["a password", { body: { password: "a password of these tests" } }],
  ])("that tells %s is not taken", (what, planted) => {
    const line = { level: "info", message: "request", planted };
    expect(toldSecrets(line)).toEqual([expect.stringContaining(`${what} in `)]);
    expect(() => discreet(() => undefined)(line)).toThrow(what);
  });

  it("of ids, routes, stacks and figures is", () => {
    const line = {
      ...{ requestId: crypto.randomUUID(), tenantId: ACME, route: "/v1/partners/{partnerId}" },
      stack: new Error("The table is full").stack,
      digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    };
    expect(toldSecrets(line)).toEqual([]);
  });

  it("of any test's API that tells what somebody sent fails the request", async () => {
    const api = await testApi();
    const app = api.through((opened) => openRequestStores(api.store.table, opened), {
      onApps: (planted) =>
        planted.get("/v1/careless", () => {
          throw new TypeError("cannot write to ada@people.example");
        }),
    });
    expect((await app("/v1/partners")).status).toBe(401);
    await expect(app("/v1/careless")).rejects.toThrow("an address in");
  });
});
