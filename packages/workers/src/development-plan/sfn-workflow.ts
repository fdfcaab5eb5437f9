import {
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { Workflow } from "./workflow.ts";

/** Answers a waiting task; the token alone says of which state machine. */
export const sfnAnswers = (client: SFNClient): Pick<Workflow, "succeed"> => ({
  async succeed(taskToken, answer) {
    await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer) }));
  },
});

export const sfnWorkflow = (client: SFNClient, stateMachineArn: string): Workflow => ({
  ...sfnAnswers(client),

  async start(name, input) {
    await client.send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    );
  },

  async describe(name) {
    const executionArn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return { status: status ?? "UNKNOWN" };
  },
});
