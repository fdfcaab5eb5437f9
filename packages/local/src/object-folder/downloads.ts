import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { ObjectFolder } from "./object-folder.ts";

const DOWNLOAD_PATH = "/_local/downloads/";

interface DownloadsOptions {
  readonly folder: ObjectFolder;
  /** Of the gateway; asked for at each call, as the port may be chosen late. */
  readonly origin: () => string;
  readonly secret: string;
  /** The clock that addresses expire by. */
  readonly now: () => Date;
}

/** The local gateway's stand-in for pre-signed GETs of the bucket: whoever has the address may use it. */
export function downloads({ folder, origin, secret, now }: DownloadsOptions) {
  const signatureOf = (key: string, expires: string): string =>
    createHmac("sha256", secret)
      .update(JSON.stringify(["GET", key, expires]))
      .digest("hex");

  return {
    urlOf(key: string, expiresAt: Date): string {
      const expires = expiresAt.toISOString();
      const url = new URL(
        `${DOWNLOAD_PATH}${key.split("/").map(encodeURIComponent).join("/")}`,
        origin(),
      );
      url.searchParams.set("expires", expires);
      url.searchParams.set("signature", signatureOf(key, expires));
      return url.href;
    },

    /** Resolves to `false`, and leaves the request alone, where it is no download. */
    async handleDownload(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
      const url = new URL(request.url ?? "/", "http://local");
      if (!url.pathname.startsWith(DOWNLOAD_PATH)) return false;
      const key = url.pathname
        .slice(DOWNLOAD_PATH.length)
        .split("/")
        .map(decodeURIComponent)
        .join("/");
      const expires = url.searchParams.get("expires") ?? "";
      const given = Buffer.from(url.searchParams.get("signature") ?? "");
      const expected = Buffer.from(signatureOf(key, expires));
      const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
      if (!isSigned || !(Date.parse(expires) > now().getTime())) {
        response.writeHead(403).end();
        return true;
      }
      if ((await folder.head(key)) === undefined) {
        response.writeHead(404).end();
        return true;
      }
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      await pipeline(folder.read(key), response);
      return true;
    },
  };
}
