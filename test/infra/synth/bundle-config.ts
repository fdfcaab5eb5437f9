import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

export type App = {
  name: string;
  removal?: string;
  protect?: boolean;
  providers?: Record<string, unknown>;
};

/** What CommonJS dependencies expect to find when they are bundled into an ES module. */
export const commonJsNames = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { fileURLToPath as __fileURLToPath } from "node:url";',
  "const require = __createRequire(import.meta.url);",
  "const __filename = __fileURLToPath(import.meta.url);",
  'const __dirname = __fileURLToPath(new globalThis.URL(".", import.meta.url));',
].join(" ");

/** Evaluates `app()` of sst.config.ts for a stage; stacks are only reached through `run()`. */
export async function readApp(root: string, stage: string): Promise<App> {
  const bundle = await build({
    stdin: {
      contents: `import config from "${root}/sst.config.ts"; export default await config.app({ stage: ${JSON.stringify(stage)} });`,
      resolveDir: root,
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    logLevel: "silent",
    banner: { js: "const $config = (config) => config;" },
    plugins: [
      {
        name: "leave-stacks-out",
        setup: ({ onResolve }) =>
          onResolve({ filter: /.*/ }, ({ kind, path }) =>
            kind === "dynamic-import" ? { path, external: true } : undefined,
          ),
      },
    ],
  });
  const [file] = bundle.outputFiles;
  if (!file) throw new Error("sst.config.ts gave no code");
  const code = Buffer.from(file.contents).toString("base64");
  const { default: app } = await import(`data:text/javascript;base64,${code}`);
  return { removal: "retain", ...app };
}

/** Bundles `run()` as the SST command does: same globals, same definitions, same externals. */
export async function bundleRun(root: string, stage: string, app: App): Promise<string> {
  const work = join(root, ".sst");
  const platform = join(work, "platform");
  const providers: { alias: string; package: string }[] = JSON.parse(
    readFileSync(join(work, "provider-lock.json"), "utf8"),
  );
  const globals = [
    ...providers.map((provider) => `import * as ${provider.alias} from "${provider.package}";`),
    `import * as sst from "${platform}/src/components";`,
  ].join("\n");
  const outfile = join(platform, `sst.config.synth.${stage}.mjs`);
  await build({
    stdin: {
      contents: [
        `import { run } from "${platform}/src/auto/run.ts";`,
        `import config from "${root}/sst.config.ts";`,
        "export default await run(config.run);",
      ].join("\n"),
      resolveDir: root,
      sourcefile: "eval.ts",
      loader: "ts",
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "silent",
    mainFields: ["module", "main"],
    banner: { js: commonJsNames },
    define: {
      $app: JSON.stringify({ ...app, stage }),
      $cli: JSON.stringify({
        command: "deploy",
        dev: false,
        paths: { home: work, root, work: join(work, "synth", stage), platform },
        state: { version: {} },
      }),
      $dev: "false",
    },
    inject: [join(platform, "src/shim/run.js")],
    external: [
      "@pulumi/*",
      "@pulumiverse/*",
      "@sst-provider/*",
      "@aws-sdk/*",
      "undici",
      "esbuild",
      "archiver",
      "glob",
      "vite",
    ],
    plugins: [
      {
        name: "sst-globals",
        setup: ({ onLoad }) =>
          onLoad({ filter: /\.[jt]s$/ }, ({ path }) =>
            path.startsWith(work)
              ? undefined
              : { contents: `${globals}\n${readFileSync(path, "utf8")}`, loader: "default" },
          ),
      },
    ],
  });
  return outfile;
}
