import { isProduction } from "./stage.ts";

export type FunctionArgs = ConstructorParameters<typeof sst.aws.Function>[1];

/** Runtime, processor, bundle and log format are the same for every function; the rest is its own. */
export function functionArgs(args: FunctionArgs): FunctionArgs {
  return {
    memory: "512 MB",
    timeout: "30 seconds",
    ...args,
    runtime: "nodejs24.x",
    architecture: "arm64",
    // The bundle is ESM and prefers a dependency's ESM build: half of a cold start is loading the SDK.
    nodejs: { format: "esm", esbuild: { mainFields: ["module", "main"] } },
    // SST lets every principal of the account take on a function's role; only Lambda needs to.
    transform: {
      role: {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
      },
    },
    logging: { format: "json", retention: isProduction() ? "1 year" : "2 weeks" },
  };
}
