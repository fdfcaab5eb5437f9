import {
  ACME,
  answerOf,
  GLOBEX,
  type TestApi,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

const page = (slug: string, text: string, title = `About ${slug}`) => ({
  ...{ slug, chapter: "Sessions", title, text },
});

describe("S-99 the playbook", () => {
  let api: TestApi;
  const tokens: Record<string, string> = {};

  const send = async (
    path: string,
    options: {
      token?: string;
      version?: number;
      body?: unknown;
      method?: string;
      key?: string;
    } = {},
  ) => {
    const token = tokens[options.token ?? "manager"];
    const response = await api.request(`/v1/playbook${path}`, { ...options, token });
    const { body, ...head } = await answerOf(response);
    return { ...head, answer: body as Record<string, unknown> };
  };
  const write = (version: number, pages: unknown[], steps: unknown = {}) =>
    send("/draft", { method: "PUT", version, body: { pages, steps } });
  const publish = (version: number, note = "News", key?: string) =>
    send("/publish", { version, body: { note }, ...(key ? { key } : {}) });

  beforeAll(async () => {
    api = await testApi();
    const { partner } = await testPartnership(api.store, ACME);
    await testPartnership(api.store, GLOBEX);
    tokens["manager"] = (await api.member(ACME, "program-manager")).token;
    tokens["viewer"] = (await api.member(ACME, "viewer")).token;
    tokens["partner"] = (await api.partnerUser(ACME, partner.partnerId, "partner-user")).token;
    tokens["foreign"] = (await api.member(GLOBEX, "owner")).token;
  });

  it("is empty at first, and refuses what does not fit, each place named", async () => {
    expect(await send("/draft")).toMatchObject({ status: 200, answer: { version: 0, pages: [] } });
    expect(await send("")).toMatchObject({ status: 404 });
    expect((await send("/versions", { token: "partner" })).answer).toMatchObject({ items: [] });
    expect(await publish(0)).toMatchObject({ status: 422, answer: { code: "playbook-invalid" } });
    const wrong = await write(0, [page("a", "x"), page("a", "y")], { session: ["b", "a", "a"] });
    expect(wrong).toMatchObject({ status: 422, answer: { code: "playbook-invalid" } });
    const { errors } = wrong.answer as { errors: { pointer: string }[] };
    const pointers = errors.map(({ pointer }) => pointer);
    expect(pointers).toEqual(["/pages/1/slug", "/steps/session/0", "/steps/session/2"]);
    const big = Array.from({ length: 20 }, (_, index) =>
      page(`p-${index}`.replace("-", "-n"), "x".repeat(11_000)),
    );
    const tooBig = await write(0, big);
    expect(tooBig).toMatchObject({ status: 422, answer: { errors: [{ pointer: "/pages" }] } });
    expect((await write(0, [page("a", "\u0000")])).status).toBe(400);
    expect((await write(0, [page("A b", "x")])).status).toBe(400);
    expect((await send("/draft", { method: "PUT", body: { pages: [], steps: {} } })).status).toBe(
      428,
    );
    for (const token of ["viewer", "partner"]) {
      expect((await send("/draft", { token })).status).toBe(403);
      const body = { pages: [page("a", "x")], steps: {} };
      expect((await send("/draft", { token, method: "PUT", version: 0, body })).status).toBe(403);
      expect((await send("/publish", { token, version: 0, body: { note: "n" } })).status).toBe(403);
    }
  });

  it("is published version by version, each readable as it was", async () => {
    const steps = { session: ["prepare", "agenda"], dispute: ["appeal"] };
    const first = [
      page("prepare", "Bring figures."),
      page("agenda", "Ten\nitems."),
      page("appeal", "How."),
    ];
    expect(await write(0, first, steps)).toMatchObject({ status: 200, etag: '"1"' });
    expect(await write(0, first, steps)).toMatchObject({ status: 412 });
    expect((await send("", { token: "partner" })).status).toBe(404);
    const published = await publish(1, "The first", "k1");
    expect(published).toMatchObject({ status: 200, answer: { published: 1 }, etag: '"2"' });
    expect((await publish(1, "The first", "k1")).answer).toEqual(published.answer);
    expect(await publish(2)).toMatchObject({ status: 409, answer: { code: "playbook-unchanged" } });

    const second = [
      page("prepare", "Bring figures and wins."),
      page("agenda", "Ten\nitems."),
      page("close", "Ends."),
    ];
    await write(2, second, { session: ["prepare"] });
    // Readers see nothing of a draft.
    expect((await send("/pages/prepare", { token: "partner" })).answer).toMatchObject({
      ...{ text: "Bring figures.", version: 1, textSince: 1 },
    });
    await publish(3, "The second");
    const now = await send("/pages/prepare", { token: "partner" });
    expect(now.answer).toMatchObject({ text: "Bring figures and wins.", version: 2, textSince: 2 });
    const kept = await send("/versions/2/pages/agenda", { token: "viewer" });
    expect(kept.answer).toMatchObject({ text: "Ten\nitems.", textSince: 1 });
    const before = await send("/versions/1/pages/prepare", { token: "partner" });
    expect(before.answer).toMatchObject({ text: "Bring figures.", version: 1 });
    expect((await send("/versions/2/pages/appeal")).answer).toMatchObject({
      code: "playbook-page-not-found",
    });
    expect((await send("/versions/3")).answer).toMatchObject({
      code: "playbook-version-not-found",
    });
  });

  it("tells who changed which pages and when", async () => {
    const { answer } = await send("/versions", { token: "partner" });
    const changes = { added: ["close"], changed: ["prepare"], removed: ["appeal"] };
    expect(answer).toMatchObject({
      items: [
        {
          ...{ number: 2, note: "The second", publishedBy: { kind: "member" } },
          changes: { ...changes, steps: ["dispute", "session"] },
        },
        { number: 1, changes: { added: ["prepare", "agenda", "appeal"] } },
      ],
    });
    const since = (await send("/versions/2/changes?since=1", { token: "partner" })).answer;
    expect(since).toEqual({ from: 1, to: 2, ...changes, steps: ["dispute", "session"] });
    const back = (await send("/versions/1/changes?since=2")).answer;
    expect(back).toMatchObject({ added: ["appeal"], changed: ["prepare"], removed: ["close"] });
    const all = (await send("/versions/2/changes?since=0")).answer;
    expect(all).toMatchObject({ added: ["prepare", "agenda", "close"], changed: [], removed: [] });
    const trail = await api.store.asMember(ACME, "admin").store.playbook.get();
    expect(trail).toMatchObject({ version: 4, published: 2, updatedBy: { kind: "member" } });
  });

  it("is each tenant's own", async () => {
    expect((await send("/versions", { token: "foreign" })).answer).toMatchObject({ items: [] });
    expect((await send("/versions/1/pages/prepare", { token: "foreign" })).status).toBe(404);
    expect((await send("/draft", { token: "foreign" })).answer).toMatchObject({ version: 0 });
  });
});
