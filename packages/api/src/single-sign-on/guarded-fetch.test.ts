import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardedFetch, isPublicAddress } from "./guarded-fetch.ts";

describe("an address of the public internet", () => {
  it.each(["93.184.216.34", "8.8.8.8", "172.32.0.1", "2606:2800:220:1::1", "2a00:1450::1"])(
    "is %s",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:db8::1",
    "localhost",
    "",
  ])("is not %s", (address) => expect(isPublicAddress(address)).toBe(false));
});

describe("a fetch for addresses that a tenant named", () => {
  let server: Server;
  let origin: string;
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.url === "/silent") return;
      if (request.url === "/elsewhere") {
        response.writeHead(302, { Location: `${origin}/secret` }).end();
        return;
      }
      response.end(request.url === "/large" ? "x".repeat(600 * 1024) : "hello");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const deployed = guardedFetch({ allowsLoopback: false, timeoutMs: 300 });
  const local = guardedFetch({ allowsLoopback: true, timeoutMs: 300 });

  it("asks this machine in development alone", async () => {
    expect(await (await local(`${origin}/`)).text()).toBe("hello");
    const before = asked.length;
    await expect(deployed(`${origin}/`)).rejects.toThrow("only https");
    await expect(deployed(origin.replace("http:", "https:"))).rejects.toThrow("not public");
    expect(asked).toHaveLength(before);
  });

  it.each([
    ["a private address", "https://10.0.0.1/"],
    ["the instance metadata", "https://169.254.169.254/latest/meta-data"],
    ["a loopback in IPv6", "https://[::1]/"],
    ["a loopback written as one number", "https://2130706433/"],
    ["a loopback in an IPv6 address", "https://[::ffff:127.0.0.1]/"],
    ["a name that leads to a loopback", "https://localhost/"],
  ])("does not ask %s", async (_, address) => {
    await expect(deployed(address)).rejects.toThrow("not public");
  });

  it.each(["http://example.com/", "file:///etc/passwd", "ftp://example.com/"])(
    "does not ask %s, in development neither",
    async (address) => {
      await expect(deployed(address)).rejects.toThrow("only https");
      await expect(local(address)).rejects.toThrow("only https");
    },
  );

  it("follows no redirect", async () => {
    const answer = await local(`${origin}/elsewhere`);
    expect(answer.status).toBe(302);
    expect(asked).not.toContain("GET /secret");
  });

  it("gives up what takes too long, and what is too large", async () => {
    await expect(local(`${origin}/silent`)).rejects.toMatchObject({ name: "AbortError" });
    await expect(local(`${origin}/large`)).rejects.toThrow("too large");
  });
});
