import { type Permission, writeTraces } from "./access.ts";
import { functionAlarms } from "./alarms.ts";
import { decryptEnvironment } from "./secrets-key.ts";
import { isProduction } from "./stage.ts";

type SstFunctionArgs = ConstructorParameters<typeof sst.aws.Function>[1];

export type FunctionArgs = Omit<SstFunctionArgs, "permissions" | "transform"> & {
  permissions: Permission[];
  /** What its environment is encrypted with, where there are secrets in it. */
  secretsKey?: aws.kms.Key;
};

/** Runtime, processor, bundle, log format and tracing are the same for every function; the rest is its own. */
export function functionArgs({ permissions, secretsKey, ...args }: FunctionArgs): SstFunctionArgs {
  return {
    memory: "512 MB",
    timeout: "30 seconds",
    ...args,
    permissions: [
      ...permissions,
      ...(secretsKey === undefined ? [] : [decryptEnvironment(secretsKey)]),
      writeTraces,
    ],
    runtime: "nodejs24.x",
    architecture: "arm64",
    // The bundle is ESM and prefers a dependency's ESM build: half of a cold start is loading the SDK.
    nodejs: { format: "esm", esbuild: { mainFields: ["module", "main"] } },
    transform: {
      function: {
        tracingConfig: { mode: "Active" },
        ...(secretsKey === undefined ? {} : { kmsKeyArn: secretsKey.arn }),
      },
      // SST lets every principal of the account take on a function's role; only Lambda needs to.
      role: {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
      },
    },
    logging: { format: "json", retention: isProduction() ? "1 year" : "2 weeks" },
  };
}

/** A function that is called by name, with its alarms. */
export function namedFunction(name: string, args: FunctionArgs): sst.aws.Function {
  const made = new sst.aws.Function(name, functionArgs(args));
  functionAlarms(name, made.name);
  return made;
}
