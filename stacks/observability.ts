import { alarmTopic } from "../infra/alarm-topic.ts";
import { monthlyBudget } from "../infra/budget.ts";
import { dashboard } from "../infra/dashboard.ts";
import { isShared } from "../infra/stage.ts";
import type { Data } from "./data.ts";

type Names = Record<string, $util.Input<string>>;

/** What a stack has to be watched, by title. */
type Watched = { functions: Names; queues?: Names };

type InFront = {
  data: Data;
  api: sst.aws.ApiGatewayV2;
  functions: Record<string, sst.aws.Function>;
  stateMachine: aws.sfn.StateMachine;
};

/** Who is told when something goes wrong, what it may cost, and one page that shows how it goes. */
export function observabilityStack(
  { data, api, functions, stateMachine }: InFront,
  stacks: readonly Watched[],
) {
  alarmTopic(isShared() ? new sst.Secret("AlarmEmail").value : undefined);
  monthlyBudget();
  const functionNames: Names = Object.assign(
    Object.fromEntries(Object.entries(functions).map(([title, { name }]) => [title, name])),
    ...stacks.map((stack) => stack.functions),
  );
  const queueNames: Names = Object.assign({}, ...stacks.map(({ queues = {} }) => queues));
  dashboard(
    $util
      .all([
        api.nodes.api.id,
        data.table.name,
        stateMachine.arn,
        $util.all(functionNames),
        $util.all(queueNames),
      ])
      .apply(([apiId, tableName, stateMachineArn, ofFunctions, ofQueues]) => ({
        ...{ apiId, tableName, stateMachineArn },
        functions: ofFunctions,
        queues: ofQueues,
      })),
  );
}
