import { randomUUID } from "node:crypto";

const PREFIX = "arn:aws:states:local:000000000000";

export const machineArn = (machineName: string): string => `${PREFIX}:stateMachine:${machineName}`;

export const executionArn = (machineName: string, name: string): string =>
  `${PREFIX}:execution:${machineName}:${name}`;

/** The name of a state machine or function: of its ARN with or without a version, or the name itself. */
export const nameIn = (nameOrArn: string): string =>
  /:(?:function|stateMachine):([^:]+)/.exec(nameOrArn)?.[1] ??
  nameOrArn.split(":").at(-1) ??
  nameOrArn;

/** A task token names its execution, so that an answer finds it by key; the rest of it cannot be guessed. */
export const mintTaskToken = (arn: string): string =>
  `${Buffer.from(arn).toString("base64url")}.${randomUUID()}`;

export function executionOfToken(token: string): string | undefined {
  const [encoded] = /^[\w-]+(?=\.[\da-f-]{36}$)/.exec(token) ?? [];
  const arn = Buffer.from(encoded ?? "", "base64url").toString();
  return arn.startsWith(`${PREFIX}:execution:`) ? arn : undefined;
}
