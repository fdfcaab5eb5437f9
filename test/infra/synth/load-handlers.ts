import { text } from "node:stream/consumers";
import { Worker } from "node:worker_threads";

export type Loading = { bundle: string; handler: string; environment: Record<string, string> };

/** Loads bundles from standard input, each with an environment of its own, and writes what went wrong with each. */
const loadings: Loading[] = JSON.parse(await text(process.stdin));
const outcomes: string[] = [];
for (const { bundle, handler, environment } of loadings) {
  const script = `import(${JSON.stringify(bundle)}).then((loaded) => {
    if (typeof loaded[${JSON.stringify(handler)}] !== "function") throw new Error("no function");
    process.exit(0);
  })`;
  const worker = new Worker(script, { eval: true, env: environment, stdout: true, stderr: true });
  outcomes.push(
    await new Promise<string>((done) => {
      worker.on("error", (error) => done(String(error)));
      worker.on("exit", () => done(""));
    }),
  );
}
process.stdout.write(JSON.stringify(outcomes));
