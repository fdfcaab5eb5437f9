import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { type GatewayOptions, type HttpEvent, startGateway } from "./index.ts";

const AT = new Date("2027-03-12T19:03:58.000Z");

async function gateway(options: Partial<GatewayOptions> = {}) {
  const events: HttpEvent[] = [];
  const errors: unknown[] = [];
  const { url, port, close } = await startGateway({
    handler: (event) => {
      events.push(event);
      return { statusCode: 204 };
    },
    now: () => AT,
    onError: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(close);
  return { url, port, events, errors };
}

describe("a request", () => {
  it("reaches the function as an event of payload format 2.0", async () => {
    const { url, port, events } = await gateway();
    await fetch(`${url}/v1/partners/a%20b?tag=x&tag=y&name=%C3%A9&empty=`, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "probe", "X-Trace": "1" },
      body: '{"name":"Ærø"}',
    });
    expect(events[0]).toMatchObject({
      version: "2.0",
      routeKey: "$default",
      rawPath: "/v1/partners/a b",
      rawQueryString: "tag=x&tag=y&name=%C3%A9&empty=",
      queryStringParameters: { tag: "x,y", name: "é", empty: "" },
      headers: { "content-type": "application/json", "x-trace": "1", host: `127.0.0.1:${port}` },
      requestContext: {
        http: {
          method: "POST",
          path: "/v1/partners/a b",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: "probe",
        },
        stage: "$default",
        time: "12/Mar/2027:19:03:58 +0000",
        timeEpoch: 1_804_878_238_000,
      },
      body: '{"name":"Ærø"}',
      isBase64Encoded: false,
    });
  });

  it("without query and cookie has no field for them, and no body", async () => {
    const { url, events } = await gateway();
    await fetch(`${url}/livez`);
    expect(Object.keys(events[0] ?? {}).toSorted()).toEqual(
      "body headers isBase64Encoded rawPath rawQueryString requestContext routeKey version".split(
        " ",
      ),
    );
    expect(events[0]).toMatchObject({ body: null, isBase64Encoded: false });
  });

  it("joins repeated headers, and lists its cookies apart from them", async () => {
    const { port, events } = await gateway();
    const sent = request({
      port,
      host: "127.0.0.1",
      headers: ["Host", "x", "X-Tag", "a", "X-Tag", "b", "Cookie", "s=1; t=2"],
    }).end();
    const [response] = await once(sent, "response");
    response.resume();
    expect(events[0]?.headers["x-tag"]).toBe("a,b");
    expect(events[0]?.cookies).toEqual(["s=1", "t=2"]);
    expect(events[0]?.headers).not.toHaveProperty("cookie");
  });

  it("with bytes that are no text arrives in base64", async () => {
    const { url, events } = await gateway();
    await fetch(url, {
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: new Uint8Array([0, 255, 1]),
    });
    expect(events[0]).toMatchObject({ body: "AP8B", isBase64Encoded: true });
  });

  it("with a path that cannot be decoded is a 400 and reaches nobody", async () => {
    const { port, events } = await gateway();
    const socket = connect(port, "127.0.0.1");
    socket.end("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const [answer] = await once(socket, "data");
    expect(`${answer}`).toMatch(/^HTTP\/1\.1 400 /);
    expect(events).toEqual([]);
  });

  it.each([
    { bytes: 10 * 1024 * 1024, status: 204, calls: 1 },
    { bytes: 10 * 1024 * 1024 + 1, status: 413, calls: 0 },
  ])("of $bytes bytes is answered with $status", async ({ bytes, status, calls }) => {
    const { url, events } = await gateway();
    const response = await fetch(url, { method: "POST", body: Buffer.alloc(bytes) });
    await response.text();
    expect([response.status, events.length]).toEqual([status, calls]);
  });

  it("of unknown length is refused once it is too large", async () => {
    const { url, events } = await gateway();
    const megabyte = new Uint8Array(1024 * 1024);
    const body = ReadableStream.from(
      (function* () {
        for (let count = 0; count < 11; count += 1) yield megabyte;
      })(),
    );
    const response = await fetch(url, { method: "POST", body, duplex: "half" });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: "Request Entity Too Large" });
    expect(events).toEqual([]);
  });
});

describe("an answer", () => {
  const answered = async (result: unknown) => {
    const { url, errors } = await gateway({ handler: async () => result as object });
    return { response: await fetch(url), errors };
  };

  it("keeps its status, headers, cookies and bytes", async () => {
    const { response } = await answered({
      statusCode: 201,
      headers: { "Content-Type": "image/png", ETag: '"7"' },
      cookies: ["a=1; HttpOnly", "b=2"],
      body: "AP8B",
      isBase64Encoded: true,
    });
    expect(response.status).toBe(201);
    expect(response.headers.get("etag")).toBe('"7"');
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(response.headers.getSetCookie()).toEqual(["a=1; HttpOnly", "b=2"]);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0, 255, 1]));
  });

  it("without a status is the body of a 200", async () => {
    const { response } = await answered({ partners: 2 });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ partners: 2 });
  });

  it("that is an empty 204 has no content type", async () => {
    const { response } = await answered({ statusCode: 204 });
    expect(response.status).toBe(204);
    expect(response.headers.get("content-type")).toBeNull();
  });

  it.each([
    { bytes: 6 * 1024 * 1024, status: 200 },
    { bytes: 6 * 1024 * 1024 + 1, status: 500 },
  ])("of $bytes bytes leaves as $status", async ({ bytes, status }) => {
    const { response } = await answered({ statusCode: 200, body: "x".repeat(bytes) });
    await response.arrayBuffer();
    expect(response.status).toBe(status);
  });

  it("does not tell what a function threw, which is reported apart", async () => {
    const failure = new Error("table concord-a: secret");
    const { url, errors } = await gateway({ handler: () => Promise.reject(failure) });
    const response = await fetch(url);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"message":"Internal Server Error"}');
    expect(errors).toEqual([failure]);
  });

  it("that does not come in time is a 503", async () => {
    const { url } = await gateway({
      handler: () => new Promise<never>(() => undefined),
      timeoutMilliseconds: 20,
    });
    const response = await fetch(url);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ message: "Service Unavailable" });
  });

  it("may use the time that the context says is left", async () => {
    let left = 0;
    const { url } = await gateway({
      handler: (_event, context) => {
        left = context.getRemainingTimeInMillis();
        return { statusCode: 204 };
      },
    });
    await fetch(url);
    expect(left).toBeGreaterThan(20_000);
    expect(left).toBeLessThanOrEqual(29_000);
  });
});

describe("the gateway", () => {
  it("asks local routes first, and gives the rest to the function", async () => {
    const { url, events } = await gateway({
      extra: async (incoming, response) => {
        if (incoming.method !== "PUT") return false;
        let size = 0;
        for await (const chunk of incoming) size += chunk.length;
        response.end(`${size}`);
        return true;
      },
    });
    const large = await fetch(`${url}/uploads/1`, {
      method: "PUT",
      body: Buffer.alloc(11 * 1024 * 1024),
    });
    expect(await large.text()).toBe(`${11 * 1024 * 1024}`);
    expect((await fetch(url)).status).toBe(204);
    expect(events).toHaveLength(1);
  });

  it("says so when a local route fails", async () => {
    const failure = new Error("no disk");
    const { url, errors } = await gateway({ extra: () => Promise.reject(failure) });
    expect((await fetch(url)).status).toBe(500);
    expect(errors).toEqual([failure]);
  });

  it("names the port that somebody else has", async () => {
    const { port } = await gateway();
    await expect(startGateway({ handler: () => "", port })).rejects.toThrow(
      `Port ${port} is in use by another program`,
    );
  });

  it("is gone when it was closed", async () => {
    const { url, close } = await startGateway({ handler: () => "" });
    await (await fetch(url)).text();
    await close();
    await expect(fetch(url)).rejects.toThrow();
  });
});
