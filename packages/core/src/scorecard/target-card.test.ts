import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CycleId } from "../id/index.ts";
import type { AgreedTargets } from "../target/index.ts";
import { scoreCard } from "./card.ts";
import { compareCards } from "./compare-cards.ts";
import { explain } from "./explain.ts";
import { freezeCard } from "./freeze.ts";
import { FrozenCard } from "./frozen.ts";
import { inputsOf } from "./inputs.ts";
import { replay } from "./replay.ts";
import {
  CHECK_SUMS,
  cardOf,
  definitionOf,
  facts,
  PARTNER,
  published,
  Q1,
  sumsWith,
  TEMPLATE,
} from "./scorecard.fixture.ts";

const line = (floor: number, target: number) =>
  ({ kind: "linear", floor, target, cap: 100 }) as const;
const definition = definitionOf([
  { measure: "deals_won", name: "Wins", weightPercent: 50, scale: line(0, 200) },
  { measure: "deals_lost", name: "Losses", weightPercent: 50, scale: line(100, 0) },
]);
const agree = (target: number, floor: number): AgreedTargets => ({
  from: "2026-Q3",
  number: 2,
  targets: [{ metricId: "deals_won", measure: "deals_won", target, floor }],
});
const cardWith = (agreedTargets?: AgreedTargets, sums = CHECK_SUMS, of = definition) =>
  scoreCard({
    program: published(of),
    partnerId: PARTNER,
    ...Q1,
    grounds: { sums, ...(agreedTargets ? { agreedTargets } : {}) },
  });

describe("S-02 a card with agreed targets", () => {
  it("scores against them instead of the program's own, and keeps both", () => {
    // 96 won against 120 from 20 on: 76; 60 lost: 40
    const card = cardWith(agree(120, 20));
    expect(card).toMatchObject({ score: 58, agreedTargets: { from: "2026-Q3", number: 2 } });
    expect(card.metrics[0]).toMatchObject({
      score: 76,
      scale: { target: 120, floor: 20 },
      programScale: { target: 200, floor: 0 },
    });
    expect(card.metrics[1]).not.toHaveProperty("programScale");
    expect(card.formulaHash).toBe(cardOf(definition, CHECK_SUMS).formulaHash);
    expect(explain(card).metrics[0]?.steps).toContain(
      "agreed with the partner for 2026-Q3 and later: a target of 120, nothing from 20 on; the program's own: a target of 200, nothing from 0 on",
    );
  });

  it("scores as a program would that had these targets for everybody", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: -50, max: 299 }),
        fc.nat(300),
        (target, below, wonCount) => {
          const floor = Math.min(below, target - 1);
          const sums = sumsWith({ wonCount, lostCount: 30 });
          const own = definitionOf([
            { measure: "deals_won", name: "Wins", weightPercent: 50, scale: line(floor, target) },
            { measure: "deals_lost", name: "Losses", weightPercent: 50, scale: line(100, 0) },
          ]);
          const agreed = cardWith(agree(target, floor), sums);
          const everybody = cardOf(own, sums);
          expect([agreed.score, agreed.rating]).toEqual([everybody.score, everybody.rating]);
        },
      ),
    );
  });

  it("is the program's own card where the program's own targets were agreed to", () => {
    const { agreedTargets, ...rest } = cardWith({ from: "2026-Q3", number: 1, targets: [] });
    expect(agreedTargets).toBeDefined();
    expect(rest).toEqual(cardOf(definition, CHECK_SUMS));
  });

  it("tells a target that no metric takes any more", () => {
    const { targets, ...more } = agree(120, 20);
    const gone = targets.map((one) => ({ ...one, measure: "revenue_won" as const }));
    const card = cardWith({ ...more, targets: gone });
    expect(card.score).toBe(cardOf(definition, CHECK_SUMS).score);
    expect(explain(card).total).toContain(
      "the target agreed for deals_won does not count: it is measured otherwise now",
    );
  });

  it("is compared: what the new target did is told apart from what the facts did", () => {
    // The old target of 200: 96 won = 48. The new one of 120 from 20 on: 76. Half the weight: 14 points.
    const { change, moves } = compareCards(cardWith(agree(120, 20)), cardWith());
    expect(change).toBe(14);
    expect(moves).toMatchObject([
      { fromTarget: 14, fromMeasure: 0, fromWeight: 0, fromCoverage: 0 },
      { fromTarget: 0 },
    ]);
  });

  it("has no rating in a program that wants targets agreed, and says so; with them it has one", () => {
    const strict = { ...definition, requiresAgreedTargets: true };
    const without = cardWith(undefined, CHECK_SUMS, strict);
    expect(without.score).toBe(44);
    expect(without.rating).toEqual({
      status: "insufficient-data",
      reasons: [
        "No targets were agreed with the partner before the period began; the program rates nobody without",
      ],
    });
    const own = { from: "2026-Q3", number: 1, targets: [] };
    expect(cardWith(own, CHECK_SUMS, strict).rating.status).toBe("rated");
    expect(without.formulaHash).not.toBe(cardWith().formulaHash);
  });

  it("G-02 is computed again bit for bit from what is stored", () => {
    const program = published(TEMPLATE);
    const agreedTargets: AgreedTargets = {
      from: "2027-Q1",
      number: 1,
      targets: [{ metricId: "revenue-won", measure: "revenue_won", target: 90_000, floor: 1_000 }],
    };
    const { card, chunks } = freezeCard({
      program,
      cycleId: CycleId.parse("cyc_0000000000000000000000000A"),
      partnerId: PARTNER,
      ...Q1,
      inputs: inputsOf(facts(), Q1.span),
      terms: { agreedTargets },
      revision: 1,
      reason: null,
      now: new Date("2027-04-07T06:00:00.000Z"),
    });
    const stored = FrozenCard.parse(JSON.parse(JSON.stringify(card)));
    expect(replay({ card: stored, chunks, program })).toMatchObject({ isIdentical: true });
    const { agreedTargets: _, ...without } = stored;
    expect(replay({ card: without, chunks, program }).isIdentical).toBe(false);
  });
});
