import { describe, expect, it } from "vitest";
import { checkRegion, regions } from "../../infra/region.ts";
import { graphOf, stages } from "./rules/graph.ts";
import { rules } from "./rules/index.ts";

/** `queuesAreSafe` reads "queues are safe". */
const inWords = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

describe.each(stages)("stage %s", (stage) => {
  const graph = graphOf(stage);

  it.each(Object.entries(rules).map(([name, rule]) => [inWords(name), rule] as const))(
    "%s",
    (_, rule) => {
      expect(rule(graph)).toEqual([]);
    },
  );
});

describe("the Region of a stage", () => {
  it.each(regions)("may be %s", (region) => {
    expect(() => checkRegion(region)).not.toThrow();
  });

  it.each([undefined, "", "eu-west-2", "EU-WEST-1"])("may not be %s", (region) => {
    expect(() => checkRegion(region)).toThrow(/CONCORD_REGION/);
  });
});
