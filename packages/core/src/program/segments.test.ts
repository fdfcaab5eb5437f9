import { describe, expect, it } from "vitest";
import type { Partner } from "../partner/index.ts";
import { criteriaOf } from "./criteria.ts";
import { changesBetween } from "./program-changes.ts";
import { faultsOf, warningsOf } from "./publication.ts";
import { resellerTemplate } from "./reseller-template.ts";
import { ProgramDefinition, ProgramSegment } from "./schema.ts";
import { definitionFor, placeIn } from "./segments.ts";

const template = resellerTemplate("USD");
const segment = (changes: object = {}) =>
  ProgramSegment.parse({
    segmentId: "young-resellers",
    name: "Young resellers",
    partnerTypes: ["reseller"],
    lifecycleStages: ["onboarding", "growing"],
    template: [
      { metricId: "revenue-won", weightPercent: 60 },
      { metricId: "pipeline-created", weightPercent: 40 },
    ],
    ...changes,
  });
const withSegments = (...segments: object[]): ProgramDefinition => ({
  ...template,
  segments: segments.map((one) => segment(one)),
});
const partner = (
  type: Partner["type"],
  lifecycleStage: Partner["lifecycleStage"],
): Pick<Partner, "type" | "lifecycleStage"> => ({ type, lifecycleStage });

describe("S-04 segments of a program", () => {
  it("are none in a program stored before there were any", () => {
    const { segments: _, ...before } = template;
    expect(ProgramDefinition.parse(before).segments).toEqual([]);
    expect(placeIn(template, partner("reseller", "growing"))).toBeUndefined();
  });

  it("can be published, and warn of nothing", () => {
    expect(faultsOf(withSegments({}))).toEqual([]);
    const alone = { template: [{ metricId: "win-rate", weightPercent: 100 }] };
    expect(warningsOf(withSegments(alone))).toEqual([]);
  });

  const of = (...metricIds: string[]) =>
    metricIds.map((metricId) => ({ metricId, weightPercent: 100 / metricIds.length }));
  it.each<[string, object[], string, RegExp]>([
    [
      "weights of 99.99",
      [
        {
          template: [
            { metricId: "revenue-won", weightPercent: 60 },
            { metricId: "win-rate", weightPercent: 39.99 },
          ],
        },
      ],
      "/segments/0/template",
      /not 99\.99$/,
    ],
    ["no metric", [{ template: [] }], "/segments/0/template", /at least one/],
    [
      "a metric that is none of the program's",
      [{ template: of("churn") }],
      "/segments/0/template/0/metricId",
      /no metric churn/,
    ],
    [
      "a metric twice",
      [{ template: of("win-rate", "win-rate") }],
      "/segments/0/template/1/metricId",
      /repeats win-rate/,
    ],
    [
      "a flat scale",
      [
        {
          template: [
            {
              metricId: "win-rate",
              weightPercent: 100,
              scale: { kind: "linear", floor: 5, target: 5 },
            },
          ],
        },
      ],
      "/segments/0/template/0/scale/target",
      /differ from the floor/,
    ],
    [
      "a red-flag floor on what is not critical",
      [
        {
          template: [
            { metricId: "pipeline-created", weightPercent: 100, critical: false, redFlagFloor: 3 },
          ],
        },
      ],
      "/segments/0/template/0/redFlagFloor",
      /only a critical metric/,
    ],
    [
      "six metrics in a light review",
      [
        {
          depth: "light",
          template: template.metrics.slice(0, 6).map(({ metricId }, index) => ({
            metricId,
            weightPercent: index === 0 ? 50 : 10,
          })),
        },
      ],
      "/segments/0/template",
      /at most 5 metrics for a light review/,
    ],
    ["an id twice", [{}, { partnerTypes: ["referral"] }], "/segments/1/segmentId", /repeats/],
    [
      "partners that another claims",
      [{}, { segmentId: "all-growing", partnerTypes: [], lifecycleStages: ["growing"] }],
      "/segments/1",
      /^claims partners that young-resellers claims: reseller in growing$/,
    ],
  ])("are refused with %s", (_, segments, pointer, detail) => {
    expect(faultsOf(withSegments(...segments))).toEqual([
      { pointer, detail: expect.stringMatching(detail) },
    ]);
  });

  it("refuse more than 12 metrics and warn from 9 on, each template by itself", () => {
    const many = (count: number): ProgramDefinition => {
      const [first] = template.metrics;
      if (!first) throw new Error("the template has metrics");
      const more = Array.from({ length: 13 }, (_, index) => ({
        ...first,
        metricId: `more-${index}`,
        pairedMetricId: null,
        weightPercent: 0,
      }));
      const entries = more.slice(0, count).map(({ metricId }, index) => ({
        metricId,
        weightPercent: index === 0 ? 101 - count : 1,
      }));
      const rest = { segmentId: "rest", partnerTypes: ["referral"] };
      const last = { template: more.map(({ metricId }) => ({ metricId, weightPercent: 1 })) };
      return {
        ...template,
        metrics: [...template.metrics, ...more],
        segments: [segment({ template: entries }), segment({ ...rest, ...last })],
      };
    };
    const about = (count: number) =>
      faultsOf(many(count)).filter(({ pointer }) => pointer.startsWith("/segments/0"));
    expect(about(12)).toEqual([]);
    expect(about(13)).toMatchObject([{ detail: "must be at most 12 metrics" }]);
    const warned = (count: number) =>
      warningsOf(many(count)).filter((text) =>
        text.startsWith(`Young resellers: ${count} metrics`),
      );
    expect(warned(8)).toEqual([]);
    expect(warned(9)).toHaveLength(1);
  });

  it("count metrics that weigh nothing elsewhere, and the program asks that somebody counts them", () => {
    const [first, ...others] = template.metrics;
    if (!first) throw new Error("the template has metrics");
    const extra = { ...first, metricId: "special", pairedMetricId: null, weightPercent: 0 };
    const metrics = [first, ...others, extra];
    expect(faultsOf({ ...template, metrics })).toMatchObject([
      { pointer: `/metrics/${others.length + 1}/weightPercent` },
    ]);
    const counted = {
      ...withSegments({ template: [{ metricId: "special", weightPercent: 100 }] }),
      metrics,
    };
    expect(faultsOf(counted)).toEqual([]);
    expect(definitionFor(counted, null).metrics).toEqual(template.metrics);
    expect(definitionFor(counted, "young-resellers").metrics).toMatchObject([
      { metricId: "special", weightPercent: 100 },
    ]);
  });

  it("warn of a metric whose counterpart does not count, and of a program whose own weights do not", () => {
    const all = { partnerTypes: [], lifecycleStages: [] };
    const template = [{ metricId: "pipeline-created", weightPercent: 100 }];
    expect(warningsOf(withSegments({ ...all, template }))).toEqual([
      "Young resellers: Opportunities created is watched together with win-rate, which does not count here",
      "Every partner belongs to a segment: the program's own weights count for nobody",
    ]);
  });
});

describe("S-14 what a review is about", () => {
  const definition = withSegments(
    { depth: "light" },
    {
      segmentId: "strategic",
      partnerTypes: [],
      lifecycleStages: ["strategic"],
      depth: "deep-dive",
      focus: ["governance"],
    },
  );

  it.each<[Partner["type"], Partner["lifecycleStage"], object]>([
    [
      "reseller",
      "growing",
      {
        segmentId: "young-resellers",
        depth: "light",
        focus: ["market-entry", "enablement", "fast-feedback"],
      },
    ],
    [
      "referral",
      "strategic",
      { segmentId: "strategic", depth: "deep-dive", focus: ["governance"] },
    ],
    [
      "referral",
      "established",
      { segmentId: null, depth: "standard", focus: ["optimisation", "governance", "roadmap"] },
    ],
  ])("fits a %s that is %s", (type, stage, place) => {
    expect(placeIn(definition, partner(type, stage))).toEqual(place);
  });

  it("stands in the criteria of each segment, beside what counts there", () => {
    const { criteria, segments } = criteriaOf({
      programId: "pgm_0000000000000000000000000A" as never,
      version: 1,
      effectiveFrom: "2027-Q1",
      definition,
      warnings: [],
      publishedAt: "2027-01-02T09:00:00.000Z",
      publishedBy: { kind: "system", name: "bootstrap" },
    });
    expect(criteria).toHaveLength(template.metrics.length);
    expect(segments).toMatchObject([
      {
        segmentId: "young-resellers",
        depth: "light",
        lifecycleStages: ["onboarding", "growing"],
        criteria: [{ metricId: "revenue-won", weightPercent: 60 }, { weightPercent: 40 }],
      },
      { focus: ["Governance: decisions, roles and risks of the partnership"] },
    ]);
    expect(segments[0]?.rules[0]).toBe("for partners of reseller, onboarding or growing");
    expect(segments[0]?.focus).toHaveLength(3);
  });
});

describe("S-03 a change of segments in words", () => {
  const texts = (was: ProgramDefinition, is: ProgramDefinition) =>
    changesBetween(was, is).map(({ about, text }) => `${about}: ${text}`);

  it("tells of a new one, of one that goes, and of what one counts otherwise", () => {
    expect(texts(template, withSegments({}))).toEqual([
      "segment: New segment Young resellers: for partners of reseller, onboarding or growing; a standard review; scored as often as the program says; talks about what fits the stage of the partner; counts Revenue won 60 %, Opportunities created 40 %",
    ]);
    expect(texts(withSegments({}), template)).toEqual([
      "segment: There is no segment Young resellers any more",
    ]);
    const other = withSegments({
      depth: "deep-dive",
      template: [
        { metricId: "revenue-won", weightPercent: 50 },
        { metricId: "win-rate", weightPercent: 50 },
      ],
    });
    expect(texts(withSegments({}), other)).toEqual([
      "segment: Young resellers: a review in depth; before: a standard review",
      expect.stringMatching(
        /^segment: Young resellers: Revenue won: weight 50 %, .*; before: weight 60 %, /,
      ),
      expect.stringMatching(/^segment: Young resellers: Win rate counts: weight 50 %, /),
      "segment: Young resellers: Opportunities created no longer counts",
    ]);
  });

  it("leaves what the program changes about a metric to the program", () => {
    const changed = {
      ...withSegments({}),
      metrics: template.metrics.map((one) =>
        one.metricId === "revenue-won" ? { ...one, verification: "Ask finance" } : one,
      ),
    };
    expect(texts(withSegments({}), changed)).toEqual([
      "metric: Revenue won is verified so: Ask finance",
    ]);
  });
});
