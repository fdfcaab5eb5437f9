import { stages, synthesiseStage } from "../rules/graph.ts";

/** Once before all tests. */
export function setup(): void {
  for (const stage of stages) synthesiseStage(stage);
}
