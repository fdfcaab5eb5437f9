/** Where a stage may be: these have every service that the stacks use. */
export const regions = ["eu-west-1", "eu-central-1", "us-east-1"] as const;

/** @throws where nobody has looked whether a stage can be there; before anything is made */
export function checkRegion(region: unknown): void {
  if (!(regions as readonly unknown[]).includes(region)) {
    throw new Error(`CONCORD_REGION is ${region}, not one of ${regions.join(", ")}`);
  }
}
