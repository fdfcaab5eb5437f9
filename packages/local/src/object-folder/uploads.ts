import type { IncomingMessage, ServerResponse } from "node:http";
import type { ObjectFolder, StoredObject } from "./object-folder.ts";
import { objectPath } from "./object-path.ts";
import { signUploadUrl, UPLOAD_PATH, type UploadGrant, verifyUploadUrl } from "./upload-url.ts";

/** The part of an S3 event notification that a function reads; the key is encoded as S3 encodes it. */
export interface ObjectCreatedEvent {
  readonly Records: readonly {
    readonly eventSource: "aws:s3";
    readonly eventName: "ObjectCreated:Put";
    readonly eventTime: string;
    readonly s3: {
      readonly bucket: { readonly name: string };
      readonly object: { readonly key: string; readonly size: number; readonly eTag: string };
    };
  }[];
}

export interface UploadsOptions {
  readonly folder: ObjectFolder;
  readonly bucketName: string;
  /** Of the gateway, such as `http://127.0.0.1:3000`; asked for at each call, as the port may be chosen late. */
  readonly origin: () => string;
  readonly secret: string;
  /** The clock that upload addresses expire by. */
  readonly now: () => Date;
  /** Called once the object is durable; the upload is acknowledged only when this has resolved. */
  readonly onObjectCreated: (event: ObjectCreatedEvent) => Promise<void>;
}

export interface Uploads {
  /** @throws Error `InvalidKey` */
  uploadUrl(
    key: string,
    grant: { expiresAt: Date; maxBytes: number; sha256?: string | undefined },
  ): string;
  /** Resolves to `false`, and leaves the request alone, where it is no upload. */
  handleUpload(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

type Refusal = { status: number; title: string; detail: string };

/** The upload target of the local gateway in place of a pre-signed PUT to the bucket. */
export function uploads(options: UploadsOptions): Uploads {
  const { folder, bucketName, origin, secret, now, onObjectCreated } = options;

  const receive = async (request: IncomingMessage, url: URL): Promise<StoredObject | Refusal> => {
    const grant = verifyUploadUrl(secret, url);
    const refused = refusalOf(request, grant, now());
    if (refused !== undefined || grant === undefined) return refused ?? notSigned;
    try {
      // A request that is destroyed takes the answer with it.
      return await folder.put(grant.key, request.iterator({ destroyOnReturn: false }), grant);
    } catch (error) {
      return isBrokenOff(request) ? brokenOff : refusalFor(error, grant);
    }
  };

  return {
    uploadUrl(key, grant) {
      objectPath("", key);
      return signUploadUrl(origin(), secret, { key, ...grant });
    },

    async handleUpload(request, response) {
      const url = new URL(request.url ?? "/", "http://local");
      if (!url.pathname.startsWith(UPLOAD_PATH)) return false;
      const outcome = await receive(request, url);
      if ("status" in outcome) {
        refuse(request, response, outcome);
        return true;
      }
      await onObjectCreated(createdEvent(bucketName, outcome, now()));
      response.writeHead(200, { etag: `"${outcome.sha256}"` }).end();
      return true;
    },
  };
}

const isBrokenOff = (request: IncomingMessage) => request.destroyed && !request.complete;

/** Nobody reads this answer; nothing was stored. */
const brokenOff: Refusal = {
  status: 400,
  title: "The upload was broken off",
  detail: "The connection ended before the file did",
};

const notSigned: Refusal = {
  status: 403,
  title: "The upload address is not valid",
  detail: "Its signature does not match: use the address as it was given, unchanged",
};

const tooLarge = (maxBytes: number): Refusal => ({
  status: 413,
  title: "The upload is too large",
  detail: `This address takes at most ${maxBytes} bytes`,
});

function refusalOf(
  request: IncomingMessage,
  grant: UploadGrant | undefined,
  now: Date,
): Refusal | undefined {
  if (request.method !== "PUT") {
    return { status: 405, title: "Not a method of uploads", detail: "Send the file with PUT" };
  }
  if (grant === undefined) return notSigned;
  if (grant.expiresAt <= now) {
    const detail = `It expired at ${grant.expiresAt.toISOString()}: ask for a new one`;
    return { status: 403, title: "The upload address has expired", detail };
  }
  const announcedBytes = Number(request.headers["content-length"] ?? 0);
  return announcedBytes > grant.maxBytes ? tooLarge(grant.maxBytes) : undefined;
}

function refusalFor(error: unknown, { maxBytes, sha256 }: UploadGrant): Refusal {
  const name = error instanceof Error ? error.name : "";
  if (name === "EntityTooLarge") return tooLarge(maxBytes);
  if (name === "BadDigest") {
    const detail = `The SHA-256 of the upload is not ${sha256}`;
    return { status: 400, title: "The upload is not the announced file", detail };
  }
  throw error;
}

/** The rest of the body is read and dropped, so that the sender gets to read the answer. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, title, detail }: Refusal,
): void {
  if (!request.destroyed) request.resume();
  response
    .writeHead(status, {
      "content-type": "application/problem+json",
      connection: "close",
      ...(status === 405 ? { allow: "PUT" } : {}),
    })
    .end(JSON.stringify({ type: "about:blank", title, status, detail }));
}

const createdEvent = (
  bucketName: string,
  { key, sizeBytes, sha256 }: StoredObject,
  now: Date,
): ObjectCreatedEvent => ({
  Records: [
    {
      eventSource: "aws:s3",
      eventName: "ObjectCreated:Put",
      eventTime: now.toISOString(),
      s3: {
        bucket: { name: bucketName },
        object: {
          key: encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/"),
          size: sizeBytes,
          eTag: sha256,
        },
      },
    },
  ],
});
