import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { build } from "esbuild";
import { commonJsNames } from "./bundle-config.ts";
import { region } from "./stand-ins.ts";

export type Build = {
  /** Name of the function component. */
  function: string;
  handler: string;
  /** Absolute path of the bundle. */
  bundle: string;
  exports: string[];
  errors: string[];
};

type BuildRequest = {
  functionID: string;
  handler: string;
  properties?: { esbuild?: { mainFields?: string[] } };
};

/**
 * The three methods that SST's components call on the command that runs them. A handler that is missing or does not build
 * is recorded and replaced by nothing, so that the rest of the graph can still be examined.
 */
export async function serveBuilds(root: string, work: string) {
  const builds: Build[] = [];

  async function buildFunction({ functionID, handler, properties }: BuildRequest) {
    const out = join(work, "artifacts", `${functionID}-src`);
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    const bundle = join(out, "bundle.mjs");
    const exportName = extname(handler).slice(1);
    const source = `${join(root, handler.slice(0, -exportName.length - 1))}.ts`;
    const record: Build = { function: functionID, handler, bundle, exports: [], errors: [] };
    builds.push(record);
    if (!existsSync(source)) record.errors.push(`${source} does not exist`);
    else {
      try {
        const { metafile } = await build({
          entryPoints: [source],
          bundle: true,
          platform: "node",
          format: "esm",
          target: "es2023",
          keepNames: true,
          metafile: true,
          outfile: bundle,
          mainFields: properties?.esbuild?.mainFields ?? ["main"],
          logLevel: "silent",
          banner: { js: commonJsNames },
        });
        record.exports = Object.values(metafile.outputs).flatMap((output) => output.exports);
      } catch (error) {
        record.errors.push(String(error));
      }
    }
    if (record.errors.length > 0) writeFileSync(bundle, "");
    return { handler: `bundle.${exportName}`, out, errors: [], sourcemaps: [] };
  }

  const methods: Record<string, (input: BuildRequest) => unknown> = {
    "Provider.Aws.Bootstrap": () => ({
      asset: `sst-asset-${region}`,
      state: `sst-state-${region}`,
      version: 5,
    }),
    "Runtime.AddTarget": () => true,
    "Runtime.Build": buildFunction,
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString());
    try {
      const answer = methods[method];
      if (!answer) throw new Error(`no stand-in for ${method}`);
      response.end(JSON.stringify({ id, result: await answer(params[0]), error: null }));
    } catch (error) {
      response.end(JSON.stringify({ id, result: null, error: String(error) }));
    }
  });
  // A busy machine takes longer between two builds than the five seconds after which a connection is closed.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port for builds");
  return { builds, url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}
