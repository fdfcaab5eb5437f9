/** Of the metrics that our own log lines carry; a test compares it with who writes them. */
export const METRIC_NAMESPACE = "Concord";

/** What a stage is for: one's own trials, a trial of the next production, or real data. */
export const stageKind = (stage: string): "personal" | "staging" | "production" =>
  stage === "production" || stage === "staging" ? stage : "personal";

export const isProduction = (): boolean => stageKind($app.stage) === "production";

/** Where people rely on it, and somebody is told of an alarm. */
export const isShared = (): boolean => stageKind($app.stage) !== "personal";

/** For resources whose ARN others need before the resource exists. */
export const physicalName = (name: string): string => `${$app.name}-${$app.stage}-${name}`;
