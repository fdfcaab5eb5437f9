export { executionArn } from "./arn.ts";
export type { LocalLambdas, Sleep } from "./invoke-lambda.ts";
export { type StateMachinesOptions, stateMachines } from "./state-machines.ts";
