export { executionArn } from "./arn.ts";
export type { StateMachineClient } from "./client.ts";
export type { LocalLambdas, Sleep } from "./invoke-lambda.ts";
export { type StateMachinesOptions, stateMachines } from "./state-machines.ts";
export type { StateMachineWorker } from "./worker.ts";
