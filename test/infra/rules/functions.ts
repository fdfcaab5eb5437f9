import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { handlers } from "../../../infra/handlers.ts";
import type { Loading } from "../synth/load-handlers.ts";
import {
  at,
  examine,
  functions,
  type Graph,
  input,
  isTenantRole,
  named,
  nameOf,
  number,
  ofType,
  type Rule,
  regionOf,
  roles,
  root,
} from "./graph.ts";

const exportName = (handler: string): string => handler.split(".").at(-1) ?? "";

/** The functions of the graph are those of the list, and each has a source that builds and exports its handler. */
export const handlersExist: Rule = ({ builds }) => [
  ...examine(
    "function",
    builds,
    ({ function: name }) => name,
    ({ handler, errors, exports }) => [
      errors.length > 0 && errors.join("; "),
      !(Object.values(handlers) as string[]).includes(handler) && `${handler} is not in the list`,
      errors.length === 0 &&
        !exports.includes(exportName(handler)) &&
        `${handler} is not exported: ${exports.join(", ")}`,
    ],
  ),
  ...Object.values(handlers).flatMap((handler) =>
    builds.some((build) => build.handler === handler) ? [] : [`${handler} has no function`],
  ),
];

/** Each bundle loads in Node with the environment that its function gets: nothing it reads at start is missing. */
export const handlersLoad: Rule = (graph) => {
  const builds = graph.builds.filter(({ errors }) => errors.length === 0);
  const loadings = builds.map(
    ({ function: name, bundle, handler }): Loading => ({
      bundle: pathToFileURL(bundle).href,
      handler: exportName(handler),
      environment: { ...environment(graph, name), AWS_REGION: regionOf(graph) },
    }),
  );
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [resolve(root, "test/infra/synth/load-handlers.ts")],
    { input: JSON.stringify(loadings), encoding: "utf8" },
  );
  if (stdout === "") return [`nothing was loaded: ${stderr}`];
  const outcomes: string[] = JSON.parse(stdout);
  return examine(
    "function",
    builds,
    ({ function: name }) => name,
    (build) => [outcomes[builds.indexOf(build)]],
  );
};

/** Texts of libraries and of ours that make tokens, hash passwords, or speak to identity and payment providers. */
const ofTheAccount = [
  ...["argon2", "SignJWT", "oauth4webapi", "openid-client"],
  "StripeSignatureVerificationError",
];
/** Bytes before minifying, where the measure is the same on every machine: half of a cold start is loading. */
const budgets: Readonly<Record<string, number>> = {
  [handlers.api]: 4_500_000,
  // 0.85 MB of it is Stripe's library, which is set up with the first request that needs it, and 1.5 MB the
  // description of the API, which is read when somebody asks for it.
  [handlers.account]: 6_400_000,
};

/** What the account function needs is in its bundle alone, and neither function in front of the world grows unseen. */
export const bundlesAreTheirOwn: Rule = ({ builds }) => {
  const inFront = builds.filter(({ handler }) => handler in budgets);
  const bundleOf = ({ bundle }: (typeof builds)[number]) =>
    existsSync(bundle) ? readFileSync(bundle, "utf8") : "";
  return [
    ...examine(
      "function in front",
      inFront,
      ({ function: name }) => name,
      (build) => {
        const bytes = existsSync(build.bundle) ? statSync(build.bundle).size : 0;
        const most = budgets[build.handler] ?? 0;
        return [
          bytes === 0 && "has no bundle",
          bytes > most && `has ${bytes} bytes, more than ${most}`,
        ];
      },
    ),
    ...inFront
      .filter(({ handler }) => handler === handlers.api)
      .flatMap((build) =>
        ofTheAccount
          .filter((text) => bundleOf(build).includes(text))
          .map((text) => `${build.function}: ${text} belongs to the account function`),
      ),
    // Where the marks are nowhere, they are spelled wrong and the rule sees nothing.
    ...inFront
      .filter(({ handler }) => handler === handlers.account)
      .flatMap((build) =>
        ofTheAccount
          .filter((text) => !bundleOf(build).includes(text))
          .map((text) => `${build.function}: no ${text} in it`),
      ),
  ];
};

function environment(graph: Graph, name: string): Record<string, string> {
  const found = functions(graph).find((resource) => resource.name === `${name}Function`);
  const variables = found ? input(found, "environment", "variables") : {};
  return Object.fromEntries(
    Object.entries(variables ?? {}).map(([key, value]) => [key, String(value)]),
  );
}

export const functionDefaults: Rule = (graph) =>
  examine("function", functions(graph), nameOf, ({ inputs }) => [
    at(inputs, "runtime") !== "nodejs24.x" && `runtime ${at(inputs, "runtime")}`,
    at(inputs, "architectures", 0) !== "arm64" && `processor ${at(inputs, "architectures")}`,
    at(inputs, "loggingConfig", "logFormat") !== "JSON" && "logs are not JSON",
    !(number(at(inputs, "timeout")) > 0) && "no timeout",
  ]);

export const logsEnd: Rule = (graph) => {
  const days = graph.app.stage === "production" ? 365 : 14;
  return [
    ...examine("log group", ofType(graph, "aws:cloudwatch/logGroup:LogGroup"), nameOf, (group) => [
      input(group, "retentionInDays") !== days &&
        `kept for ${input(group, "retentionInDays")} days, not ${days}`,
    ]),
    ...examine("function", functions(graph), nameOf, (each) => [
      !ofType(graph, "aws:cloudwatch/logGroup:LogGroup").some(
        (group) => input(group, "name") === input(each, "loggingConfig", "logGroup"),
      ) && "writes to a log group that is not ours",
    ]),
  ];
};

/**
 * A function's role is for Lambda alone: not even the account's own users may put it on. The tenant role
 * has rules of its own.
 */
export const rolesAreForServices: Rule = (graph) =>
  examine(
    "role",
    roles(graph).filter((role) => !isTenantRole(role)),
    nameOf,
    (role) => {
      const policy = input(role, "assumeRolePolicy");
      const text = typeof policy === "string" ? policy : JSON.stringify(policy);
      return [
        !/"Service":\[?"(backup|lambda|scheduler|states)\.amazonaws\.com"\]?/.test(text) &&
          "no service",
        /"AWS"|"\*"/.test(text) && `may be assumed by others: ${text}`,
      ];
    },
  );

export const functionsHaveRoles: Rule = (graph) =>
  examine("function", functions(graph), nameOf, (each) => [
    named(roles(graph), input(each, "role")) === undefined && "its role is not in the graph",
  ]);
