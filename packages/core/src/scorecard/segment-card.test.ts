import { describe, expect, it } from "vitest";
import { CycleId } from "../id/index.ts";
import { type ProgramDefinition, ProgramSegment } from "../program/index.ts";
import { scoreCard } from "./card.ts";
import { compareCards } from "./compare-cards.ts";
import { explain } from "./explain.ts";
import { freezeCard } from "./freeze.ts";
import { FrozenCard } from "./frozen.ts";
import { inputsOf } from "./inputs.ts";
import { lateChanges } from "./late-changes.ts";
import { perverseIncentives } from "./perverse-incentives.ts";
import { replay } from "./replay.ts";
import {
  CHECK_SUMS,
  cardOf,
  fact,
  facts,
  PARTNER,
  published,
  Q1,
  sumsWith,
  TEMPLATE,
} from "./scorecard.fixture.ts";

const own = (metrics = TEMPLATE.metrics) =>
  metrics.map(({ metricId, weightPercent }) => ({ metricId, weightPercent }));
const programOf = (template: object[], changes: Partial<ProgramDefinition> = {}) =>
  published({
    ...TEMPLATE,
    segments: [ProgramSegment.parse({ segmentId: "some", name: "Some", template })],
    ...changes,
  });
const cardIn = (program = programOf(own()), sums = CHECK_SUMS, segmentId = "some") =>
  scoreCard({ program, partnerId: PARTNER, ...Q1, grounds: { sums, segmentId } });

let entropy = 431;
const random = () => {
  entropy = (entropy * 48_271) % 2_147_483_647;
  return entropy / 2_147_483_647;
};
const draw = (most: number) => Math.floor(random() * most);
const shuffled = <T>(list: readonly T[]): T[] => list.toSorted(() => random() - 0.5);
/** Weights of hundredths that make 100, each above 0. */
function weights(count: number): number[] {
  const cuts = new Set<number>();
  while (cuts.size < count - 1) cuts.add(1 + draw(9_999));
  const bounds = [0, ...[...cuts].sort((a, b) => a - b), 10_000];
  return bounds.slice(1).map((bound, index) => (bound - (bounds[index] ?? 0)) / 100);
}
const anySums = () =>
  sumsWith({
    wonCount: draw(120),
    lostCount: draw(120),
    wonAmount: draw(50_000_000),
    cycleCount: draw(90),
    cycleDays: draw(9_000),
    listedCount: draw(90),
    "wonWithinBp.1000": draw(60),
    createdCount: draw(200),
    openCount: draw(90),
  });

describe("S-04 the card of a segment", () => {
  it("is the program's own card, bit for bit, where its template is the program's own", () => {
    for (let round = 0; round < 200; round += 1) {
      const sums = anySums();
      const { segmentId, ...rest } = cardIn(programOf(shuffled(own())), sums);
      expect(segmentId).toBe("some");
      expect(rest).toEqual(cardOf(TEMPLATE, sums));
    }
  });

  it("does not depend on the order of a template, nor on that of the segments", () => {
    for (let round = 0; round < 200; round += 1) {
      const some = shuffled(TEMPLATE.metrics).slice(0, 2 + draw(TEMPLATE.metrics.length - 1));
      const parts = weights(some.length);
      const template = some.map(({ metricId }, index) => ({
        metricId,
        weightPercent: parts[index] ?? 0,
      }));
      const sums = anySums();
      const card = cardIn(programOf(template), sums);
      expect(cardIn(programOf(shuffled(template)), sums)).toEqual(card);
      const other = ProgramSegment.parse({ segmentId: "other", name: "Other", template: own() });
      const { segments } = programOf(template).definition;
      const definition = { ...TEMPLATE, segments: [other, ...segments] };
      expect(cardIn(published(definition), sums)).toEqual(card);
      const total = card.metrics.reduce((sum, { weightPercent }) => sum + weightPercent * 100, 0);
      expect(Math.round(total)).toBe(10_000);
    }
  });

  it("scores by its own weights, scales and floors, and by no metric that it leaves out", () => {
    // 96 of 156 won: 61.5385 %; (61.5385 − 50) / 50 = 23.0769; revenue 310,075 of 620,150 = 50
    const card = cardIn(
      programOf([
        {
          metricId: "win-rate",
          weightPercent: 25,
          scale: { kind: "linear", floor: 50, target: 100, cap: 100 },
          critical: true,
          redFlagFloor: 70,
        },
        {
          metricId: "revenue-won",
          weightPercent: 75,
          scale: { kind: "linear", floor: 0, target: 620_150, cap: 100 },
        },
      ]),
    );
    expect(card).toMatchObject({ segmentId: "some", score: 43.2692, coveragePercent: 100 });
    expect(
      card.metrics.map(({ metricId, score, isRedFlag }) => [metricId, score, isRedFlag]),
    ).toEqual([
      ["revenue-won", 50, false],
      ["win-rate", 23.0769, true],
    ]);
    expect(card.formulaHash).not.toBe(cardOf(TEMPLATE, CHECK_SUMS).formulaHash);
    expect(explain(card).metrics).toHaveLength(2);
  });

  it("does not watch a metric together with one that does not count", () => {
    const program = programOf([{ metricId: "pipeline-created", weightPercent: 100 }]);
    const before = cardIn(program, sumsWith({ createdCount: 10 }));
    const after = cardIn(program, sumsWith({ createdCount: 90, lostCount: 80, wonCount: 10 }));
    expect(perverseIncentives(after, before, TEMPLATE.metrics)).toEqual([]);
  });

  it("is compared with a card of another segment, and the parts add up to the change exactly", () => {
    for (let round = 0; round < 100; round += 1) {
      const some = shuffled(TEMPLATE.metrics).slice(0, 3);
      const parts = weights(3);
      const template = some.map(({ metricId }, index) => ({
        metricId,
        weightPercent: parts[index] ?? 0,
      }));
      const before = cardOf(TEMPLATE, anySums());
      const after = cardIn(programOf(template), anySums());
      const { change, moves, fromCap } = compareCards(after, before);
      if (change === null) continue;
      const all = moves.flatMap((one) => [
        ...[one.fromMeasure, one.fromTarget, one.fromWeight, one.fromCoverage],
      ]);
      const sum = [...all, fromCap].reduce((total, points) => total + Math.round(points * 1e4), 0);
      expect(sum).toBe(Math.round(change * 1e4));
    }
  });
});

describe("a frozen card of a segment", () => {
  const program = programOf([
    { metricId: "revenue-won", weightPercent: 60 },
    { metricId: "win-rate", weightPercent: 40 },
  ]);
  const freeze = () =>
    freezeCard({
      program,
      cycleId: CycleId.parse("cyc_0000000000000000000000000A"),
      partnerId: PARTNER,
      ...Q1,
      inputs: inputsOf(facts(), Q1.span),
      terms: { segmentId: "some" },
      revision: 1,
      reason: null,
      now: new Date("2027-04-07T06:00:00.000Z"),
    });

  it("G-02 is computed again bit for bit, and not by the program's own metrics", () => {
    const { card, chunks } = freeze();
    const stored = FrozenCard.parse(JSON.parse(JSON.stringify(card)));
    expect(replay({ card: stored, chunks, program })).toMatchObject({ isIdentical: true });
    const { segmentId: _, ...elsewhere } = stored;
    expect(replay({ card: elsewhere, chunks, program }).isIdentical).toBe(false);
  });

  it("tells of late changes by its own weights", () => {
    const { card } = freeze();
    const now = inputsOf([...facts(), fact(99, { amountMinor: 1_000_000 })], Q1.span);
    const changes = lateChanges(card, program, inputsOf(facts(), Q1.span), {
      inputs: now,
      handedIn: { figures: [], voices: [] },
    });
    const fresh = freezeCard({
      ...{ program, cycleId: card.cycleId, partnerId: PARTNER, ...Q1 },
      inputs: now,
      terms: { segmentId: "some" },
      revision: 2,
      reason: "A deal came late",
      now: new Date("2027-04-08T06:00:00.000Z"),
    }).card;
    expect(changes.scoreAfter).toBe(fresh.score);
  });
});
