import { describe, expect, it } from "vitest";
import { CycleId, MemberId, VoiceId } from "../id/index.ts";
import type { ProgramIndicator } from "../program/index.ts";
import { type MonthRollup, withVoice } from "../rollup/index.ts";
import { scoreCard } from "./card.ts";
import { compareCards } from "./compare-cards.ts";
import { explain } from "./explain.ts";
import { groundsOfMonths, handedInOfMonths } from "./figures.ts";
import { formulaHash } from "./formula-hash.ts";
import { freezeCard } from "./freeze.ts";
import { lateChanges } from "./late-changes.ts";
import { replay } from "./replay.ts";
import { definitionOf, PARTNER, published, Q1, sumsWith, TEMPLATE } from "./scorecard.fixture.ts";

const NOW = new Date("2027-03-01T12:00:00.000Z");
const indicator = (changes: Partial<ProgramIndicator> = {}): ProgramIndicator => ({
  indicatorId: "respond-to-customer",
  name: "Responds to the customer",
  anchors: ["never", "late", "in time", "early", "before being asked"],
  raters: ["vendor"],
  minimumRaters: 2,
  layer: "behaviour",
  namesRaters: false,
  ...changes,
});
const definition = definitionOf(
  [
    {
      metricId: "responds",
      measure: "behaviour_respond_to_customer",
      scale: { kind: "linear", floor: 25, target: 75, cap: 100 },
      weightPercent: 60,
    },
    { metricId: "won", measure: "deals_won", weightPercent: 40 },
  ],
  { indicators: [indicator(), indicator({ indicatorId: "unused", name: "Unused" })] },
);
const program = published(definition);

const id = (prefix: string, number: number) => `${prefix}_${String(number).padStart(26, "0")}`;
/** [month, rater, value, indicator] in the order they were made; null takes one back. */
type Said = readonly [string, number, number | null, string?];
function monthsOf(...all: Said[]): MonthRollup[] {
  const months = new Map<string, MonthRollup>();
  for (const [month, rater, value, indicatorId = "respond-to-customer"] of all) {
    const voiceId = VoiceId.parse(id("voc", Number(month.slice(5)) * 100 + rater));
    const said = { indicatorId, rater: MemberId.parse(id("mem", rater)), revision: 1 };
    const voice = value === null ? undefined : { ...said, value };
    const key = { partnerId: PARTNER, month, voiceId };
    months.set(month, withVoice(key, months.get(month), voice, NOW));
  }
  return [...months.values()].sort((a, b) => (a.month < b.month ? -1 : 1));
}
const cardOf = (months: MonthRollup[], of = program) =>
  scoreCard({
    program: of,
    partnerId: PARTNER,
    ...Q1,
    grounds: { ...groundsOfMonths(months, Q1.span), sums: sumsWith({ wonCount: 1 }) },
  });
const responds = (months: MonthRollup[]) => cardOf(months).metrics[0];

const said = monthsOf(
  ["2026-12", 1, 1],
  ["2027-01", 1, 2],
  ["2027-01", 2, 4],
  ["2027-02", 1, 5],
  ["2027-03", 3, 3],
  ["2027-02", 3, 5, "unused"],
);

describe("S-22 ratings on anchored scales in a card", () => {
  it("S-22 counts the latest of each rater in the period, all raters the same, exactly", () => {
    // 5, 4 and 3: 100·(4 + 3 + 2) / (4·3) = 75 → (75 − 25) / 50 = 100
    expect(responds(said)).toMatchObject({ value: "75", score: 100, sample: 3, noData: null });
    const third = monthsOf(["2027-01", 1, 5], ["2027-01", 2, 4], ["2027-01", 3, 4]);
    // 100·10/12 = 83.3333
    expect(responds(third)?.value).toBe("83.3333");
    expect(cardOf(said).voices?.map(({ month, value }) => [month, value])).toEqual([
      ["2027-01", 4],
      ["2027-02", 5],
      ["2027-03", 3],
    ]);
  });

  it("keeps who said it out of the card", () => {
    expect(JSON.stringify(cardOf(said))).not.toContain("mem_");
  });

  it.each<[string, Said[], string]>([
    ["nobody has rated", [["2026-12", 1, 5]], "rating-missing"],
    ["too few have", [["2027-01", 1, 5]], "below-minimum-sample"],
    [
      "the only one took it back",
      [
        ["2027-01", 1, 5],
        ["2027-01", 1, null],
      ],
      "rating-missing",
    ],
  ])("has no data where %s, and never 0", (_, all, code) => {
    expect(responds(monthsOf(...all))).toMatchObject({ score: null, noData: { code } });
  });

  it("counts an earlier rating of the period again where a later one is taken back", () => {
    const back = monthsOf(
      ["2027-01", 1, 2],
      ["2027-02", 1, 5],
      ["2027-01", 2, 2],
      ["2027-02", 1, null],
    );
    expect(responds(back)).toMatchObject({ value: "25", sample: 2 });
  });

  it("is explained to the last rating", () => {
    const [told] = explain(cardOf(said)).metrics;
    expect(told?.voices?.length).toBe(3);
    expect(told?.steps[0]).toBe(
      "100 × (mean − 1) / 4 of the ratings 1 to 5 with evidence, the latest of each rater in the period = 75 % with 4 of 2027-01, 5 of 2027-02, 3 of 2027-03",
    );
  });

  it("leaves a program without indicators its hash and its card, whatever people rated", () => {
    const plain = published(definitionOf([{ metricId: "won", measure: "deals_won" }]));
    expect(JSON.stringify(cardOf(said, plain))).toBe(JSON.stringify(cardOf([], plain)));
    // Written down before there were any.
    expect(formulaHash(TEMPLATE)).toBe(formulaHash({ ...TEMPLATE, indicators: [] }));
    expect(formulaHash(definition)).not.toBe(
      formulaHash({ ...definition, indicators: [indicator({ minimumRaters: 3 })] }),
    );
  });
});

describe("S-28 a frozen card with ratings beside numbers", () => {
  const { card, chunks } = freezeCard({
    program,
    cycleId: CycleId.parse(id("cyc", 1)),
    partnerId: PARTNER,
    ...Q1,
    inputs: [],
    terms: (({ sums: _, ...terms }) => terms)(groundsOfMonths(said, Q1.span)),
    revision: 1,
    reason: null,
    now: NOW,
  });

  it("S-28 replays bit for bit, and finds a rating that was altered", () => {
    expect(replay({ card, chunks, program })).toMatchObject({ isIdentical: true });
    const [first, ...others] = card.voices ?? [];
    if (!first) throw new Error("there are voices");
    const altered = { ...card, voices: [{ ...first, value: 1 }, ...others] };
    expect(replay({ card: altered, chunks, program }).isIdentical).toBe(false);
  });

  it("sees what was rated, changed or taken back since, with the effect of each", () => {
    const today = handedInOfMonths(
      monthsOf(["2027-01", 2, 1], ["2027-02", 1, 5], ["2027-03", 4, 5]),
      Q1.span,
    );
    const late = lateChanges(card, program, [], { inputs: [], handedIn: today });
    expect(
      late.voices.map(({ before, after }) => [before?.value ?? null, after?.value ?? null]),
    ).toEqual([
      [4, 1],
      [3, null],
      [null, 5],
    ]);
    // Alone: 5, 1, 3 → 50 → score 50 instead of 100 at weight 60 of 100
    expect(late.voices[0]?.scoreChange).toBe(-30);
    const same = handedInOfMonths(said, Q1.span);
    expect(lateChanges(card, program, [], { inputs: [], handedIn: same }).voices).toEqual([]);
  });

  it("is compared with the period before by what was rated", () => {
    const worse = monthsOf(["2027-01", 1, 3], ["2027-01", 2, 3]);
    const { change, moves } = compareCards(cardOf(said), cardOf(worse));
    expect(moves[0]).toMatchObject({ metricId: "responds", fromMeasure: 30 });
    expect(change).toBe(30);
  });
});
