import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, NOON, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

const DAY_MS = 86_400_000;

type Body = Record<string, unknown>;
const bodyOf = (response: Response) => response.json() as Promise<Body>;
const partner = (name: string) => ({ name, region: "Central" });

describe("the conventions of the API", () => {
  let api: TestApi;
  let acme: string;
  let colleague: string;
  let globex: string;

  beforeAll(async () => {
    api = await testApi();
    acme = (await api.member(ACME, "admin")).token;
    colleague = (await api.member(ACME, "admin")).token;
    globex = (await api.member(GLOBEX, "admin")).token;
  });

  const create = (body: unknown, token: string, key?: string) =>
    api.request("/v1/partners", {
      token,
      body,
      headers: key === undefined ? {} : { "Idempotency-Key": key },
    });
  const namesOf = async (token: string): Promise<unknown[]> => {
    const response = await api.request("/v1/partners?limit=100", { token });
    const { items } = (await response.json()) as { items: Body[] };
    return items.map(({ name }) => name);
  };

  it("P-05 answers a creation with address and version, a change with the next version", async () => {
    const created = await create(partner("Versioned"), acme);
    expect(created.status).toBe(201);
    const { partnerId } = await bodyOf(created);
    expect(created.headers.get("ETag")).toBe('"1"');
    expect(created.headers.get("Location")).toBe(`/v1/partners/${partnerId}`);
    const change = (ifMatch: string, region: string) =>
      api.request(`/v1/partners/${partnerId}`, {
        method: "PATCH",
        token: acme,
        body: { region },
        headers: { "If-Match": ifMatch },
      });
    const changed = await change('"1"', "East");
    expect([changed.status, changed.headers.get("ETag")]).toEqual([200, '"2"']);
    for (const stale of ['"1"', 'W/"2"', "2", "*", '"02x"']) {
      const response = await change(stale, "West");
      expect(response.status).toBe(412);
      expect((await bodyOf(response))["code"]).toBe("version-stale");
    }
    const now = await api.request(`/v1/partners/${partnerId}`, { token: acme });
    expect(await bodyOf(now)).toMatchObject({ region: "East", version: 2 });
  });

  it("P-05 replays a creation under its Idempotency-Key, quoted or bare, and has one effect", async () => {
    const first = await create(partner("Once"), acme, "key-of-once");
    const again = await create(partner("Once"), acme, '"key-of-once"');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(first.headers.get("Idempotency-Replayed")).toBeNull();
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.headers.get("ETag")).toBe(first.headers.get("ETag"));
    expect(again.headers.get("Location")).toBe(first.headers.get("Location"));
    expect(await again.text()).toBe(await first.text());
    expect((await namesOf(acme)).filter((name) => name === "Once")).toHaveLength(1);
  });

  it("refuses another body under the same key with 422 and does nothing", async () => {
    await create(partner("Keyed"), acme, "key-of-keyed");
    const other = await create(partner("Keyed otherwise"), acme, "key-of-keyed");
    expect(other.status).toBe(422);
    expect((await bodyOf(other))["code"]).toBe("idempotency-key-reused");
    expect(await namesOf(acme)).not.toContain("Keyed otherwise");
  });

  it("lets two people and two tenants use the same key", async () => {
    const answers = [
      await create(partner("Mine"), acme, "a-common-key"),
      await create(partner("My colleague's"), colleague, "a-common-key"),
      await create(partner("Mine"), globex, "a-common-key"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    for (const { headers } of answers) expect(headers.get("Idempotency-Replayed")).toBeNull();
  });

  it("gives concurrent twins one effect and one answer", async () => {
    const twins = await Promise.all(
      Array.from({ length: 8 }, () => create(partner("Twins"), acme, "key-of-twins")),
    );
    expect(twins.map(({ status }) => status)).toEqual(Array(8).fill(201));
    const bodies = new Set(await Promise.all(twins.map((response) => response.text())));
    expect(bodies.size).toBe(1);
    expect(
      twins.filter(({ headers }) => headers.get("Idempotency-Replayed") === null),
    ).toHaveLength(1);
    expect((await namesOf(acme)).filter((name) => name === "Twins")).toHaveLength(1);
  });

  it("replays an action whose twin has already changed the version", async () => {
    const { member } = await api.member(ACME, "viewer");
    const end = () =>
      api.request(`/v1/members/${member.memberId}/end`, {
        method: "POST",
        token: acme,
        headers: { "If-Match": '"1"', "Idempotency-Key": "key-of-end" },
      });
    const twins = await Promise.all([end(), end(), end(), end()]);
    expect(twins.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await bodyOf(await end()))["status"]).toBe("ended");
  });

  it("takes a key anew after 24 hours, deleted or not", async () => {
    const { token, member } = await api.member(ACME, "admin");
    await create(partner("Yesterday"), token, "key-of-a-day");
    const before = api.wallNow;
    api.wallNow = new Date(NOON.getTime() + DAY_MS + 1000);
    const later = await api.logIn(member.email, TEST_PASSWORD);
    const first = await create(partner("Today"), later, "key-of-a-day");
    const again = await create(partner("Today"), later, "key-of-a-day");
    expect([first.status, first.headers.get("Idempotency-Replayed")]).toEqual([201, null]);
    expect([again.status, again.headers.get("Idempotency-Replayed")]).toEqual([201, "true"]);
    api.wallNow = before;
  });

  it.each(["", " ", "x".repeat(256), "clé", "a b"])("refuses the key %j with 400", async (key) => {
    const response = await create(partner("No key"), acme, key);
    expect(response.status).toBe(400);
    expect(await namesOf(acme)).not.toContain("No key");
  });

  describe("lists", () => {
    let cursor: string;
    const list = (query: string, token: string) => api.request(`/v1/partners${query}`, { token });

    beforeAll(async () => {
      for (const name of ["Page A", "Page B", "Page C"]) {
        await createPartner(api.store.asMember(ACME, "admin"), {
          ...partner(name),
          type: "reseller",
          lifecycleStage: "growing",
          partnerManagerId: null,
          executiveSponsorId: null,
          dataStewardId: null,
        });
      }
      cursor = String((await bodyOf(await list("?limit=1", acme)))["nextCursor"]);
    });

    it("go on from a cursor until it is null, each item once", async () => {
      const names: unknown[] = [];
      let next = "";
      for (let pages = 0; pages < 100; pages += 1) {
        const answer = await bodyOf(await list(`?limit=2${next}`, acme));
        names.push(...(answer["items"] as Body[]).map(({ name }) => name));
        if (answer["nextCursor"] === null) break;
        next = `&cursor=${encodeURIComponent(String(answer["nextCursor"]))}`;
      }
      expect(names).toEqual(await namesOf(acme));
      expect(new Set(names).size).toBe(names.length);
    });

    const of = (value: string) => `?limit=1&cursor=${encodeURIComponent(value)}`;
    it.each([
      ["one bit changed", () => list(of(`${cursor.slice(0, -2)}AA`), acme)],
      ["its position changed", () => list(of(`A${cursor}`), acme)],
      ["no signature", () => list(of(cursor.split(".")[0] ?? ""), acme)],
      ["nothing of ours", () => list(of("garbage"), acme)],
      ["a colleague's", () => list(of(cursor), colleague)],
      ["another tenant's", () => list(of(cursor), globex)],
      ["another list's", () => api.request(`/v1/members${of(cursor)}`, { token: acme })],
    ])("refuse a cursor with %s", async (_, ask) => {
      const response = await ask();
      expect(response.status).toBe(400);
      expect((await bodyOf(response))["code"]).toBe("cursor-invalid");
    });

    it.each([
      "?limit=0",
      "?limit=101",
      "?limit=x",
      "?limit=1.5",
      "?order=name",
      "?limit=1&limit=2",
    ])("refuse the query %s", async (query) => {
      const response = await list(query, acme);
      expect(response.status).toBe(400);
      expect((await bodyOf(response))["code"]).toBe("request-invalid");
    });
  });

  it("tells every wrong place of a body by its pointer, without echoing what was sent", async () => {
    const sent = { name: "", region: "r".repeat(101), type: "secret-value", more: 1 };
    const response = await create(sent, acme);
    const problem = (await bodyOf(response)) as { errors: { pointer: string }[] };
    expect(problem.errors.map(({ pointer }) => pointer).sort()).toEqual(
      ["/more", "/name", "/region", "/type"].sort(),
    );
    expect(JSON.stringify(problem)).not.toContain("secret-value");
  });

  it("refuses texts that are no Unicode, in values and in names, by their pointers", async () => {
    const sent = String.raw`{"name": "\ud800", "tags": ["right", "\udc00"], "region": {"\ud83d": 1}, "type": "\ud83d\ude00"}`;
    const response = await create(sent, acme);
    expect(response.status).toBe(400);
    const problem = (await bodyOf(response)) as { code: string; errors: { pointer: string }[] };
    expect(problem.code).toBe("request-invalid");
    expect(problem.errors.map(({ pointer }) => pointer)).toEqual(["/name", "/tags/1", "/region"]);
  });

  it.each(['{"name": "canary', "canary", '{"canary": canary}', '["canary"'])(
    "refuses the broken JSON %s without echoing it",
    async (sent) => {
      const response = await create(sent, acme);
      expect(response.status).toBe(400);
      const text = await response.text();
      expect(text).toContain("is not JSON");
      expect(text).not.toContain("canary");
    },
  );

  it("answers an unknown address with a problem of 404, with and without a token", async () => {
    for (const token of [undefined, acme, "garbage"]) {
      for (const path of ["/v1/nothing", "/", "/v1", "/v1/partners/x/y/z", "/admin"]) {
        const response = await api.request(path, { token });
        expect(response.status).toBe(404);
        expect(response.headers.get("Request-Id")).not.toBeNull();
        expect((await bodyOf(response))["code"]).toBe("route-not-found");
      }
    }
  });

  it("has security headers on every answer and keeps none of them", async () => {
    for (const path of ["/livez", "/v1/me", "/v1/nothing"]) {
      const { headers } = await api.request(path);
      expect(headers.get("Cache-Control")).toBe("no-store, private");
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Content-Security-Policy")).toContain("default-src 'none'");
      expect(headers.get("Strict-Transport-Security")).toContain("max-age=");
    }
  });

  it("lets a browser in from a listed origin alone", async () => {
    const ask = (origin: string) =>
      api.request("/v1/partners", { method: "OPTIONS", headers: { Origin: origin } });
    const listed = await ask("https://console.concord.test");
    expect(listed.headers.get("Access-Control-Allow-Origin")).toBe("https://console.concord.test");
    for (const origin of ["https://evil.test", "https://console.concord.test.evil.test", "null"]) {
      expect((await ask(origin)).headers.get("Access-Control-Allow-Origin")).toBeNull();
    }
  });

  it("tells a page of a listed origin what it may read, and caches that others are answered otherwise", async () => {
    const path = "/.well-known/jwks.json";
    const page = await api.request(path, { headers: { Origin: "https://console.concord.test" } });
    expect(page.headers.get("Access-Control-Allow-Origin")).toBe("https://console.concord.test");
    expect(page.headers.get("Access-Control-Expose-Headers")).toContain("Request-Id");
    const other = await api.request(path);
    expect(other.headers.get("Access-Control-Allow-Origin")).toBeNull();
    for (const { headers } of [page, other]) expect(headers.get("Vary")).toBe("Origin");
  });

  it("serves its public keys, and no private one", async () => {
    const response = await api.request("/.well-known/jwks.json");
    expect(response.headers.get("Cache-Control")).toBe("public, max-age=300");
    const { kid, n, e } = api.signingKey;
    expect(await response.json()).toEqual({
      keys: [{ kty: "RSA", use: "sig", alg: "RS256", kid, n, e }],
    });
  });

  it("P-13 answers its probes", async () => {
    for (const path of ["/livez", "/readyz"]) {
      const response = await api.request(path);
      expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
    }
  });
});
