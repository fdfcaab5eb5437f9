import { isDeepStrictEqual } from "node:util";
import { handlers } from "../../../infra/handlers.ts";
import { type WorkerName, workerPolicies } from "../../../infra/worker-policies.ts";
import {
  examine,
  functions,
  type Graph,
  grants,
  input,
  named,
  nameOf,
  type Rule,
  roles,
  type Statement,
} from "./graph.ts";

const handlerOf: Record<WorkerName, string> = {
  Tick: handlers.tick,
  CycleChunks: handlers.runCycleChunk,
  Imports: handlers.runImport,
  QueueJobs: handlers.queueJobs,
  ProjectRanking: handlers.projectRanking,
  RecordChanges: handlers.recordChanges,
  SendMail: handlers.sendMail,
  StartApproval: handlers.startApproval,
  RegisterStep: handlers.registerStep,
  RemindApprover: handlers.remindApprover,
  EscalateStep: handlers.escalateStep,
  ExpirePlan: handlers.expirePlan,
  ReconcileApprovals: handlers.reconcileApprovals,
};

/** In front of the world, with rules of their own. */
const inFront: readonly string[] = [handlers.api, handlers.account];

const roleOf = (graph: Graph, handler: string) => {
  const build = graph.builds.find((each) => each.handler === handler);
  const found = functions(graph).find(({ name }) => name === `${build?.function}Function`);
  return found && named(roles(graph), input(found, "role"));
};

const ofRows = (statement: Statement): boolean =>
  statement.Resource.some((arn) => /:dynamodb:.*:table\/[^/]+(\/index\/.*)?$/.test(arn));

/** A statement without what says nothing, in one order. */
const plain = ({
  Action,
  Resource,
  Condition,
}: {
  Action: readonly string[];
  Resource: readonly string[];
  Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}) =>
  JSON.stringify([
    [...Action].sort(),
    [...Resource].map((arn) => arn.replace(/^.*:table\/[^/]+/, "")).sort(),
    Object.entries(Condition ?? {})
      .flatMap(([test, keys]) =>
        Object.entries(keys).map(([key, values]) => [test, key, ...[values].flat()]),
      )
      .sort(),
  ]);

/** A worker has of the table the rights that the local runtime works by, and no others: verbs, indexes and partitions. */
export const workersHaveTheirRights: Rule = (graph) =>
  examine(
    "worker",
    Object.entries(handlerOf) as [WorkerName, string][],
    ([worker]) => worker,
    ([worker, handler]) => {
      const role = roleOf(graph, handler);
      const found = (role ? grants(role) : []).filter(ofRows).map(plain).sort();
      const wanted = workerPolicies[worker]("").Statement.map((one) => plain(one));
      return [
        !isDeepStrictEqual(found, wanted.sort()) &&
          `has ${found.filter((one) => !wanted.includes(one))}, lacks ${wanted.filter((one) => !found.includes(one))}`,
      ];
    },
  );

/** Nothing behind the API reaches a row by a statement that names no partition, and none of them what signs or counts guesses. */
export const rowsAreReachedByPartition: Rule = (graph) =>
  examine(
    "role behind the API",
    roles(graph).filter(
      (role) =>
        !["BackupRole", "TenantRole"].includes(role.name) &&
        !inFront.some((handler) => roleOf(graph, handler) === role),
    ),
    nameOf,
    (role) =>
      grants(role)
        .filter((one) => ofRows(one) && one.Action.some((action) => /Item|Query/.test(action)))
        .flatMap((one) => {
          const partitions = [
            one.Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"] ?? [],
          ].flat();
          return [
            partitions.length === 0 && `${one.Action} on every partition`,
            one.Condition?.["Null"]?.["dynamodb:LeadingKeys"] === undefined &&
              "allows what names no partition",
            ...partitions.map(
              (partition) =>
                !/^(T#\*|SYSTEM#(TIMER|TICK|TENANTS|ERASURE|PERSON|LOGIN|INVITED|FACTOR|SECURITY))/.test(
                  partition,
                ) && `reaches ${partition}`,
            ),
          ];
        }),
  );
