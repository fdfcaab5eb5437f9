import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Resource } from "../synth/recorder.ts";
import type { Graph } from "../synth/synth.ts";

export type { Build } from "../synth/build-server.ts";
export type { Graph, Resource };

export const root = resolve(import.meta.dirname, "../../..");

/** A rule gives what is wrong, in words; nothing is wrong when it gives nothing. */
export type Rule = (graph: Graph) => string[];

export const stages = ["test", "staging", "production"] as const;

/** What `sst deploy` finds in its environment: one stage has its own domain, and is in another Region. */
export const environmentOf: Record<(typeof stages)[number], Record<string, string>> = {
  test: {},
  staging: { API_DOMAIN: "api.concord.example", CONCORD_REGION: "eu-central-1" },
  production: {},
};

export const regionOf = ({ app }: Graph): string => String(at(app.providers, "aws", "region"));

const graphFile = (stage: string): string => resolve(root, `.sst/synth/${stage}.json`);

/** In a process of its own: Pulumi keeps one graph per process. */
export const synthesiseStage = (stage: (typeof stages)[number]): void => {
  execFileSync(process.execPath, [resolve(root, "test/infra/synth/cli.ts"), stage], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...environmentOf[stage] },
  });
};

/** A copy of its own for everyone who asks. */
export const graphOf = (stage: (typeof stages)[number]): Graph =>
  JSON.parse(readFileSync(graphFile(stage), "utf8"));

/** The value at a path, `undefined` where the path ends early. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === "object" && inner !== null
        ? (inner as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}

export const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

export const number = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);

export const input = ({ inputs }: Resource, ...path: (string | number)[]): unknown =>
  at(inputs, ...path);

export const ofType = (graph: Graph, type: string): Resource[] =>
  graph.resources.filter((resource) => resource.type === type);

export const functions = (graph: Graph) => ofType(graph, "aws:lambda/function:Function");
export const queues = (graph: Graph) => ofType(graph, "aws:sqs/queue:Queue");
export const mappings = (graph: Graph) =>
  ofType(graph, "aws:lambda/eventSourceMapping:EventSourceMapping");
export const schedules = (graph: Graph) => ofType(graph, "aws:scheduler/schedule:Schedule");
export const stateMachines = (graph: Graph) => ofType(graph, "aws:sfn/stateMachine:StateMachine");
export const roles = (graph: Graph) => ofType(graph, "aws:iam/role:Role");
export const isTenantRole = ({ name }: Resource): boolean => name === "TenantRole";

/** The queue, function or role that an ARN names. */
export const named = (resources: readonly Resource[], arn: unknown): Resource | undefined =>
  resources.find(
    (resource) => typeof arn === "string" && arn.split(/[:/]/).at(-1) === input(resource, "name"),
  );

export type Statement = {
  Effect: string;
  Principal?: unknown;
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
};

export const statementsOf = (policy: unknown): Statement[] =>
  typeof policy === "string" ? JSON.parse(policy).Statement : [];

/** What a role may do. */
export const grants = (role: Resource): Statement[] =>
  list(input(role, "inlinePolicies")).flatMap((policy) => statementsOf(at(policy, "policy")));

export const mayDo = (role: Resource | undefined, action: string, arn: unknown): boolean =>
  role !== undefined &&
  grants(role).some(
    ({ Action, Resource }) => Action.includes(action) && Resource.some((each) => each === arn),
  );

/** Says so when there was nothing to examine: a rule without subjects holds for the wrong reason. */
export function examine<T>(
  what: string,
  subjects: readonly T[],
  name: (subject: T) => string,
  check: (subject: T) => (string | false | undefined)[],
): string[] {
  if (subjects.length === 0) return [`no ${what} to examine`];
  return subjects.flatMap((subject) =>
    check(subject).flatMap((wrong) => (wrong ? [`${name(subject)}: ${wrong}`] : [])),
  );
}

export const nameOf = ({ name }: Resource): string => name;
