export const isProduction = (): boolean => $app.stage === "production";

/** For resources whose ARN others need before the resource exists. */
export const physicalName = (name: string): string => `${$app.name}-${$app.stage}-${name}`;
