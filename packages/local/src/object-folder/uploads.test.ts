import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { type ObjectCreatedEvent, openObjectFolder, uploads } from "./index.ts";

const NOW = new Date("2027-01-04T09:00:00.000Z");
const LATER = new Date("2027-01-04T09:15:00.000Z");
const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

async function testUploads({ now = NOW, secret = "secret" } = {}) {
  const root = await mkdtemp(join(tmpdir(), "concord-uploads-"));
  const folder = await openObjectFolder(root);
  const events: ObjectCreatedEvent[] = [];
  const server = createServer((request, response) => {
    void upload.handleUpload(request, response).then((isUpload) => {
      if (!isUpload) response.writeHead(404).end("not an upload");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const upload = uploads({
    folder,
    bucketName: "uploads",
    origin: () => origin,
    secret,
    now: () => now,
    onObjectCreated: async (event) => void events.push(event),
  });
  closings.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(root, { recursive: true });
  });
  return { ...upload, folder, events, origin };
}

const put = (url: string, body: string) => fetch(url, { method: "PUT", body });
const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

describe("an upload", () => {
  it("to its address is stored, announced as S3 does, and only then acknowledged", async () => {
    const { uploadUrl, folder, events } = await testUploads();
    const key = "T#ten_1/imports/März 1.csv";
    const url = uploadUrl(key, { expiresAt: LATER, maxBytes: 10, sha256: sha256("a,b\n") });
    const answer = await put(url, "a,b\n");
    expect(answer.status).toBe(200);
    expect(await text(folder.read(key))).toBe("a,b\n");
    expect(events).toEqual([
      {
        Records: [
          {
            eventSource: "aws:s3",
            eventName: "ObjectCreated:Put",
            eventTime: "2027-01-04T09:00:00.000Z",
            s3: {
              bucket: { name: "uploads" },
              object: {
                key: "T%23ten_1/imports/M%C3%A4rz+1.csv",
                size: 4,
                eTag: sha256("a,b\n"),
              },
            },
          },
        ],
      },
    ]);
  });

  const changes: [string, (url: URL) => void][] = [
    [
      "another key",
      (url) => {
        url.pathname = url.pathname.replace("a.csv", "b.csv");
      },
    ],
    ["a later expiry", (url) => url.searchParams.set("expires", "2028-01-01T00:00:00.000Z")],
    ["more bytes", (url) => url.searchParams.set("max-bytes", "1000000")],
    ["another hash", (url) => url.searchParams.set("sha256", sha256("y"))],
    ["no hash", (url) => url.searchParams.delete("sha256")],
    ["no signature", (url) => url.searchParams.delete("signature")],
    [
      "a broken key",
      (url) => {
        url.pathname += "%E0%A4%A";
      },
    ],
  ];
  it.each(changes)("to an address changed to %s is refused with 403", async (_, change) => {
    const { uploadUrl, events } = await testUploads();
    const grant = { expiresAt: LATER, maxBytes: 10, sha256: sha256("x") };
    const url = new URL(uploadUrl("a.csv", grant));
    change(url);
    const answer = await put(url.href, "x");
    expect(answer.status).toBe(403);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({
      status: 403,
      title: "The upload address is not valid",
    });
    expect(events).toEqual([]);
  });

  it("to an address signed with another secret is refused with 403", async () => {
    const here = await testUploads();
    const elsewhere = await testUploads({ secret: "other" });
    const foreign = new URL(elsewhere.uploadUrl("a.csv", { expiresAt: LATER, maxBytes: 10 }));
    const answer = await put(`${here.origin}${foreign.pathname}${foreign.search}`, "x");
    expect(answer.status).toBe(403);
  });

  it("after its time is refused with 403 and the time", async () => {
    const { uploadUrl, events } = await testUploads({ now: LATER });
    const answer = await put(uploadUrl("a.csv", { expiresAt: LATER, maxBytes: 10 }), "x");
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("2027-01-04T09:15:00.000Z");
    expect(events).toEqual([]);
  });

  it("of more bytes than granted is refused with 413, announced or not", async () => {
    const { uploadUrl, folder, events } = await testUploads();
    const url = uploadUrl("a.csv", { expiresAt: LATER, maxBytes: 10 });
    const announced = await put(url, "x".repeat(11));
    expect(announced.status).toBe(413);
    expect(await announced.text()).toContain("at most 10 bytes");

    const unannounced = await new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(url, { method: "PUT", headers: { "transfer-encoding": "chunked" } });
      sent.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
      for (let part = 0; part < 20; part += 1) sent.write("x".repeat(1000));
      sent.end();
    });
    expect(unannounced).toBe(413);
    expect(await folder.head("a.csv")).toBeUndefined();
    expect(events).toEqual([]);
  });

  it("of another content than announced is refused with 400", async () => {
    const { uploadUrl, folder } = await testUploads();
    const url = uploadUrl("a.csv", { expiresAt: LATER, maxBytes: 10, sha256: sha256("x") });
    expect((await put(url, "y")).status).toBe(400);
    expect(await folder.head("a.csv")).toBeUndefined();
  });

  it("that breaks off stores nothing", async () => {
    const { uploadUrl, folder, events } = await testUploads();
    const url = uploadUrl("a.csv", { expiresAt: LATER, maxBytes: 100 });
    await new Promise<void>((resolve) => {
      const sent = httpRequest(url, { method: "PUT", headers: { "content-length": "50" } });
      sent.on("error", () => {}).on("close", resolve);
      sent.write("half", () => sent.destroy());
    });
    const next = await put(uploadUrl("b.csv", { expiresAt: LATER, maxBytes: 100 }), "x");
    expect(next.status).toBe(200);
    expect(await folder.head("a.csv")).toBeUndefined();
    expect(events).toHaveLength(1);
  });

  it("by another method is refused with 405", async () => {
    const { uploadUrl } = await testUploads();
    const url = uploadUrl("a.csv", { expiresAt: LATER, maxBytes: 10 });
    const answer = await fetch(url, { method: "POST", body: "x" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "PUT"]);
  });

  it("has no address for a key that leads out of the folder", async () => {
    const { uploadUrl } = await testUploads();
    expect(() => uploadUrl("../a", { expiresAt: LATER, maxBytes: 10 })).toThrow("Not the key");
  });
});

describe("another request", () => {
  it("is left to the gateway", async () => {
    const { origin, folder } = await testUploads();
    const answer = await fetch(`${origin}/v1/partners`);
    expect([answer.status, await answer.text()]).toEqual([404, "not an upload"]);
    expect(await folder.head("partners")).toBeUndefined();
  });
});
