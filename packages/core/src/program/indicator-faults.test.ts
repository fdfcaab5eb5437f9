import { describe, expect, it } from "vitest";
import { ProgramId } from "../id/index.ts";
import { criteriaOf } from "./criteria.ts";
import { indicatorsReadOtherwise } from "./indicator-faults.ts";
import { faultsOf, warningsOf } from "./publication.ts";
import { resellerTemplate } from "./reseller-template.ts";
import type { ProgramDefinition, ProgramIndicator, PublishedProgram } from "./schema.ts";

const anchors = ["hides problems", "tells when asked", "tells", "tells early", "solves with us"];
const indicator = (changes: Partial<ProgramIndicator> = {}): ProgramIndicator => ({
  indicatorId: "field-observations",
  name: "Field observations",
  anchors,
  raters: ["vendor"],
  minimumRaters: 3,
  layer: "behaviour",
  namesRaters: false,
  ...changes,
});
const template = resellerTemplate("USD");
const [first, ...others] = template.metrics;
if (!first) throw new Error("the template has metrics");
const on = (changes: Partial<ProgramDefinition>): ProgramDefinition => ({
  ...template,
  ...changes,
});
const measured = (...indicators: ProgramIndicator[]): ProgramDefinition =>
  on({
    indicators,
    metrics: [
      {
        ...first,
        measure: "behaviour_field_observations",
        scale: { kind: "linear", floor: 25, target: 75, cap: 100 },
      },
      ...others,
    ],
  });
const published = (definition: ProgramDefinition): PublishedProgram => ({
  programId: ProgramId.parse("pgm_0000000000000000000000000A"),
  version: 3,
  effectiveFrom: "2026-Q1",
  definition,
  warnings: [],
  publishedAt: "2026-01-05T12:00:00.000Z",
  publishedBy: { kind: "system", name: "test" },
});
const pointers = (definition: ProgramDefinition) => faultsOf(definition).map((one) => one.pointer);

describe("S-22 what people rate", () => {
  it.each<[string, ProgramDefinition, string]>([
    [
      "four anchors",
      on({ indicators: [indicator({ anchors: anchors.slice(1) })] }),
      "/indicators/0/anchors",
    ],
    [
      "an empty anchor",
      on({ indicators: [indicator({ anchors: anchors.with(2, "") })] }),
      "/indicators/0/anchors/2",
    ],
    [
      "the same anchor twice",
      on({ indicators: [indicator({ anchors: anchors.with(4, "tells") })] }),
      "/indicators/0/anchors/4",
    ],
    [
      "the same indicator twice",
      on({ indicators: [indicator(), indicator()] }),
      "/indicators/1/indicatorId",
    ],
    ["nobody who rates", on({ indicators: [indicator({ raters: [] })] }), "/indicators/0/raters"],
    [
      "a measure that is a formula",
      on({
        indicators: [indicator()],
        formulaMeasures: [
          {
            measure: "behaviour_field_observations",
            name: "F",
            unit: "percent",
            formula: "deals_won",
          },
        ],
      }),
      "/indicators/0/indicatorId",
    ],
    ["a metric on one that is not there", measured(), "/metrics/0/measure"],
    [
      "a metric on what the partner says of itself",
      measured(indicator({ raters: ["partner"] })),
      "/metrics/0/measure",
    ],
  ])("refuses %s", (_, definition, pointer) => {
    expect(pointers(definition)).toContain(pointer);
  });

  it("warns of one that nothing uses, and of a metric of another layer", () => {
    expect(pointers(measured(indicator()))).toEqual([]);
    expect(warningsOf(on({ indicators: [indicator()] }))).toContain(
      "Nothing uses the ratings of field-observations",
    );
    expect(warningsOf(measured(indicator({ layer: "development" }))).join()).toContain(
      "field-observations as development",
    );
  });

  it("keeps the scale of an id, since people rate once for all", () => {
    const versions = [published(on({ indicators: [indicator()] }))];
    const renamed = indicator({ name: "Seen in the field", minimumRaters: 1 });
    expect(indicatorsReadOtherwise({ indicators: [renamed] }, versions)).toEqual([]);
    const other = indicator({ anchors: anchors.with(0, "says nothing") });
    expect(indicatorsReadOtherwise({ indicators: [other] }, versions)).toMatchObject([
      { pointer: "/indicators/0/anchors" },
    ]);
  });

  it("G-17 tells partners what each step looks like and how ratings count", () => {
    const page = criteriaOf(published(measured(indicator())));
    expect(page.rated[0]).toBe(
      "Field observations (behaviour), rated by the vendor, from 3 raters on; the partner does not see who rated: " +
        "1 hides problems; 2 tells when asked; 3 tells; 4 tells early; 5 solves with us",
    );
    expect(page.criteria[0]?.rules[0]).toBe("Left out with fewer than 3 raters behind it");
    expect(criteriaOf(published(template)).rated).toEqual([]);
  });
});
