import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";

const ACCOUNT = "123456789012";
/** Later than any that the command knows, so that it does not set the account up. */
const BOOTSTRAP_VERSION = 99;

/** Of the few calls that the SST command itself makes: parameters, and the bucket of its state. */
export async function startAws(region: string) {
  const parameters = new Map([
    [
      "/sst/bootstrap",
      JSON.stringify({
        version: BOOTSTRAP_VERSION,
        asset: `sst-asset-${region}`,
        state: `sst-state-${region}`,
        assetEcrRegistryId: ACCOUNT,
        ...{ assetEcrUrl: "none", appsyncHttp: "", appsyncRealtime: "" },
      }),
    ],
  ]);
  const objects = new Map<string, Buffer>();

  const answerParameter = (target: string, input: { Name?: string; Value?: string }) => {
    const { Name = "", Value = "" } = input;
    if (target === "AmazonSSM.PutParameter") {
      parameters.set(Name, Value);
      return { status: 200, body: { Version: 1 } };
    }
    const found = parameters.get(Name);
    return target === "AmazonSSM.GetParameter" && found !== undefined
      ? { status: 200, body: { Parameter: { Name, Value: found, Type: "String", Version: 1 } } }
      : { status: 400, body: { __type: "ParameterNotFound", message: target } };
  };

  const server = createServer(async (request, response) => {
    const body = bodyOf(request, await buffer(request));
    const target = request.headers["x-amz-target"];
    if (typeof target === "string") {
      const { status, body: answer } = answerParameter(target, JSON.parse(body.toString() || "{}"));
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(answer));
      return;
    }
    const [key = ""] = (request.url ?? "").split("?");
    if (request.method === "PUT") objects.set(key, body);
    if (request.method === "DELETE") objects.delete(key);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.end();
      return;
    }
    if (request.url?.includes("list-type=2")) {
      response.end(
        '<?xml version="1.0"?><ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>',
      );
      return;
    }
    const found = objects.get(key);
    response.writeHead(found ? 200 : 404, { "content-type": "application/xml" });
    response.end(found ?? "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}`, objects, close: () => server.close() };
}

/** Without the chunks in which the SDK signs a body. */
function bodyOf({ headers }: IncomingMessage, body: Buffer): Buffer {
  const isChunked =
    String(headers["content-encoding"]).includes("aws-chunked") ||
    String(headers["x-amz-content-sha256"]).startsWith("STREAMING");
  if (!isChunked) return body;
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.subarray(at, end).toString().split(";")[0] ?? "0", 16);
    if (!size) break;
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
