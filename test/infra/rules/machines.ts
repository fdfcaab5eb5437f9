import { isDeepStrictEqual } from "node:util";
import { type PlanApprovalFunctions, planApproval } from "../../../infra/workflows/index.ts";
import {
  examine,
  functions,
  type Graph,
  grants,
  input,
  named,
  nameOf,
  ofType,
  type Rule,
  regionOf,
  roles,
  stateMachines,
} from "./graph.ts";
import {
  comparisonsAreSpelt,
  deployedDefinition,
  faultsAreHandled,
  isConnected,
  isValid,
  outcomes,
  resourcesAreKnown,
  tokensAreHandedOver,
  waitsEnd,
} from "./workflow.ts";

const functionArn = (graph: Graph, name: string): string => {
  const found = functions(graph).find((resource) => resource.name === `${name}Function`);
  return `arn:aws:lambda:${regionOf(graph)}:123456789012:function:${found && input(found, "name")}`;
};

const tasksOf = (graph: Graph): PlanApprovalFunctions => ({
  registerStep: functionArn(graph, "RegisterStep"),
  remindApprover: functionArn(graph, "RemindApprover"),
  escalateStep: functionArn(graph, "EscalateStep"),
  expirePlan: functionArn(graph, "ExpirePlan"),
});

/** What is deployed is the definition that the local runner executes, with the functions of this stage in it. */
export const machineIsTheDefinition: Rule = (graph) =>
  examine("state machine", stateMachines(graph), nameOf, (machine) => [
    !isDeepStrictEqual(
      deployedDefinition(machine),
      JSON.parse(JSON.stringify(planApproval(tasksOf(graph)))),
    ) && "is not planApproval",
    input(machine, "type") !== "STANDARD" && "cannot wait",
  ]);

const ofTraces = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];

/** What fails is written down for as long as logs are kept, without what was given to it, and each execution is traced. */
export const machineIsObserved: Rule = (graph) =>
  examine("state machine", stateMachines(graph), nameOf, (machine) => {
    const role = named(roles(graph), input(machine, "roleArn"));
    const may = new Set((role ? grants(role) : []).flatMap(({ Action }) => Action));
    const group = String(input(machine, "loggingConfiguration", "logDestination"));
    return [
      input(machine, "tracingConfiguration", "enabled") !== true && "is not traced",
      input(machine, "loggingConfiguration", "level") !== "ERROR" && "does not log its errors",
      input(machine, "loggingConfiguration", "includeExecutionData") !== false &&
        "logs what it is given",
      !ofType(graph, "aws:cloudwatch/logGroup:LogGroup").some((each) =>
        group.endsWith(`:log-group:${input(each, "name")}:*`),
      ) && "logs to a group that is not ours",
      ...[...ofTraces, "logs:CreateLogDelivery", "logs:ListLogDeliveries"].map(
        (verb) => !may.has(verb) && `may not ${verb}`,
      ),
    ];
  });

/** The machine may invoke its tasks, trace and log, and do nothing else. */
export const machineInvokesItsTasks: Rule = (graph) =>
  examine("state machine", stateMachines(graph), nameOf, (machine) => {
    const role = named(roles(graph), input(machine, "roleArn"));
    const [own, ...more] = role ? grants(role) : [];
    return [
      !isDeepStrictEqual(own?.Action, ["lambda:InvokeFunction"]) && `may ${own?.Action}`,
      !isDeepStrictEqual(own?.Resource, Object.values(tasksOf(graph))) &&
        `reaches ${own?.Resource}`,
      ...more
        .flatMap(({ Action }) => Action)
        .map((verb) => !ofTraces.includes(verb) && !/^logs:/.test(verb) && `may ${verb}`),
    ];
  });

/** Who may start an execution or answer a task may do so for this machine alone. */
export const machineIsReachedByName: Rule = (graph) =>
  examine(
    "grant on a state machine",
    roles(graph).flatMap((role) =>
      grants(role)
        .filter(({ Action }) => Action.some((action) => action.startsWith("states:")))
        .map((grant) => ({ role, grant })),
    ),
    ({ role }) => role.name,
    ({ grant }) =>
      grant.Resource.map((arn) => {
        const machine = arn.replace(":execution:", ":stateMachine:").replace(/:\*$/, "");
        return named(stateMachines(graph), machine) === undefined && `${arn} does not exist`;
      }),
  );

export const machineIsSound: Rule = (graph) =>
  examine("state machine", stateMachines(graph), nameOf, (machine) => {
    const definition = deployedDefinition(machine);
    return [
      isValid,
      isConnected,
      resourcesAreKnown,
      tokensAreHandedOver,
      waitsEnd,
      faultsAreHandled,
      comparisonsAreSpelt(outcomes),
    ].flatMap((lint) => lint(definition));
  });
