import { lookup as lookUp } from "node:dns";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";

const MAX_ANSWER_BYTES = 512 * 1024;

/** Addresses that are no host of the public internet (RFC 6890 and its IPv6 part). */
const reserved = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  reserved.addSubnet(net, bits, "ipv4");
}
/** Of IPv6, only global unicast is public, without the parts that carry an IPv4 address or belong to nobody. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");
for (const [net, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  reserved.addSubnet(net, bits, "ipv6");
}

/** @param address IPv4 or IPv6, without brackets */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !reserved.check(address, "ipv4");
  return (
    isIP(address) === 6 && globalUnicast.check(address, "ipv6") && !reserved.check(address, "ipv6")
  );
}

const LOOPBACK = ["127.0.0.1", "[::1]", "localhost"];

export interface FetchRules {
  /** For development alone: providers on this machine, by http. */
  readonly allowsLoopback: boolean;
  readonly timeoutMs: number;
}

interface Asked {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A fetch for addresses that a tenant has named: https to public hosts, no redirect is followed, the
 * answer is bounded in time and size. The address that was checked is the one that is connected to, so
 * that a name cannot lead elsewhere a moment later.
 */
export const guardedFetch =
  ({ allowsLoopback, timeoutMs }: FetchRules) =>
  async (
    address: string,
    { method = "GET", headers, body, signal }: Asked = {},
  ): Promise<Response> => {
    const url = new URL(address);
    const isLocal = allowsLoopback && LOOPBACK.includes(url.hostname);
    if (!isLocal && url.protocol !== "https:") throw new TypeError("only https is asked");
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (!isLocal && isIP(host) !== 0 && !isPublicAddress(host)) throw notPublic();
    const request = url.protocol === "https:" ? requestHttps : requestHttp;
    const text = body === undefined || body === null ? undefined : String(body);

    return new Promise((resolve, reject) => {
      const timeout = AbortSignal.timeout(timeoutMs);
      const asked = request(
        url,
        {
          method,
          headers: {
            ...headers,
            ...(text === undefined ? {} : { "content-length": String(Buffer.byteLength(text)) }),
          },
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
          ...(isLocal ? {} : { lookup: publicLookup }),
        },
        (answer) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          answer.on("data", (chunk: Buffer) => {
            bytes += chunk.length;
            chunks.push(chunk);
            if (bytes > MAX_ANSWER_BYTES) asked.destroy(new TypeError("the answer is too large"));
          });
          answer.on("error", reject);
          answer.on("end", () => resolve(responseOf(answer, Buffer.concat(chunks))));
        },
      );
      asked.on("error", reject);
      asked.end(text);
    });
  };

const notPublic = () => new TypeError("the address is not public");

const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, "", 0);
    const [first] = addresses;
    if (!first || addresses.some(({ address }) => !isPublicAddress(address))) {
      return callback(notPublic(), "", 0);
    }
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};

function responseOf(
  answer: { readonly statusCode?: number | undefined; readonly rawHeaders: readonly string[] },
  body: Buffer,
): Response {
  const headers = new Headers();
  for (let at = 0; at + 1 < answer.rawHeaders.length; at += 2) {
    headers.append(answer.rawHeaders[at] ?? "", answer.rawHeaders[at + 1] ?? "");
  }
  const status = answer.statusCode ?? 502;
  const hasBody = ![101, 204, 205, 304].includes(status);
  return new Response(hasBody ? new Uint8Array(body) : null, { status, headers });
}
