import { beforeAll, describe, expect, it } from "vitest";
import { differences } from "./rehearsal/parity.ts";
import { type Rehearsal, rehearse } from "./rehearsal/rehearse.ts";
import { graphOf } from "./rules/graph.ts";

type Change = { op: string; urn: string; new: { urn: string; inputs: Record<string, unknown> } };

const MINUTES = 60_000;

/** The command that an operator runs, as it is, with nothing behind it: what it would create is what the rules examined. */
describe("the deployment that `sst diff` announces", () => {
  let rehearsal: Rehearsal;
  let changes: Change[];
  /** Source maps are made by the command alone. */
  const announced = () =>
    changes.map((change) => change.new).filter(({ urn }) => !/Sourcemap\d+$/.test(urn));
  beforeAll(async () => {
    rehearsal = await rehearse("diff", "--stage", "test", "--json");
    changes = rehearsal.exitCode === 0 ? JSON.parse(rehearsal.output) : [];
  }, 10 * MINUTES);

  it("ends well", () => {
    expect(rehearsal.errors).toBe("");
    expect(rehearsal.exitCode).toBe(0);
  });

  it("creates, in an empty account, the resources of the graph and no others", () => {
    const { resources } = graphOf("test");
    expect(new Set(changes.map(({ op }) => op))).toEqual(new Set(["create"]));
    expect(changes.length).toBeGreaterThan(200);
    expect(differences(resources, announced())).toEqual([]);
  });

  it("would differ by a verb, a name or a resource", () => {
    const { resources } = graphOf("test");
    expect(differences(resources.slice(1), announced())).toHaveLength(1);
    const [first, ...rest] = resources;
    const changed = { ...first, urn: first?.urn ?? "", inputs: { name: "another" } };
    expect(differences([changed, ...rest], announced())).toHaveLength(1);
  });
});
