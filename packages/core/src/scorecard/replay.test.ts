import { describe, expect, it } from "vitest";
import { monthOf } from "../calendar/index.ts";
import { CycleId, PartnerId } from "../id/index.ts";
import type { PublishedProgram } from "../program/index.ts";
import { recount } from "../rollup/index.ts";
import { freezeCard, rollupDifferences } from "./freeze.ts";
import { type CardInput, FrozenCard, InputChunk } from "./frozen.ts";
import { inputsOf, toChunks } from "./inputs.ts";
import { lateChanges } from "./late-changes.ts";
import { replay } from "./replay.ts";
import { fact, facts, PARTNER, published, Q1, TEMPLATE } from "./scorecard.fixture.ts";

const CYCLE = CycleId.parse("cyc_0000000000000000000000000A");
const NOW = new Date("2027-04-07T06:00:00.000Z");
const program = published(TEMPLATE);

const freeze = (given = facts(), revision = 1) =>
  freezeCard({
    program,
    cycleId: CYCLE,
    partnerId: PARTNER,
    ...Q1,
    inputs: inputsOf(given, Q1.span),
    terms: {},
    revision,
    reason: null,
    now: NOW,
  });

/** What another process would read: rows that went through storage. */
const stored = () => {
  const { card, chunks } = freeze();
  return {
    card: FrozenCard.parse(JSON.parse(JSON.stringify(card))),
    chunks: chunks.map((chunk) => InputChunk.parse(JSON.parse(JSON.stringify(chunk)))),
    program: structuredClone(program),
  };
};

describe("replay", () => {
  it("G-02 computes the same card bit for bit from stored rows alone", () => {
    expect(replay(stored())).toEqual({ revision: 1, isIdentical: true, differences: [] });
  });

  it("G-02 does not depend on the order in which facts were read", () => {
    const { card } = freeze(facts().reverse());
    expect(card).toEqual(freeze().card);
  });

  const leaves = (
    value: unknown,
    path: readonly (string | number)[] = [],
  ): (string | number)[][] =>
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]))
      : [[...path]];

  /** A copy in which the leaf at `path` says something else. */
  const altered = <T>(value: T, path: readonly (string | number)[]): T => {
    const copy = structuredClone(value) as Record<string, unknown>;
    let place = copy;
    for (const name of path.slice(0, -1)) place = place[name] as Record<string, unknown>;
    const last = path.at(-1) ?? "";
    const old = place[last];
    if (typeof old === "number") place[last] = old + 1;
    else if (typeof old === "boolean") place[last] = !old;
    else if (old === null) place[last] = 1;
    else place[last] = `${old}x`;
    return copy as T;
  };

  it("G-02 finds every single altered field of the card", () => {
    const rows = stored();
    const paths = leaves(rows.card);
    expect(paths.length).toBeGreaterThan(150);
    const missed = paths.filter(
      (path) => replay({ ...rows, card: altered(rows.card, path) }).isIdentical,
    );
    expect(missed).toEqual([]);
  });

  it("G-02 finds every single altered value of the input list", () => {
    const rows = stored();
    const [chunk] = rows.chunks;
    const lines = chunk?.lines.split("\n") ?? [];
    expect(lines).toHaveLength(60);
    const missed = lines.flatMap((line, index) =>
      line.split("|").filter((_, cell) => {
        const cells = line.split("|");
        cells[cell] = cells[cell]?.endsWith("1") ? "2" : "1";
        const tampered = lines.with(index, cells.join("|")).join("\n");
        const chunks = [{ chunk: 0, inputsDigest: chunk?.inputsDigest ?? "", lines: tampered }];
        return replay({ ...rows, chunks }).isIdentical;
      }),
    );
    expect(missed).toEqual([]);
  });

  it("G-02 finds a missing fact, a missing chunk and swapped chunks", () => {
    const many = freeze(facts(2_500));
    expect(many.chunks).toHaveLength(3);
    const [first, second, third] = many.chunks as [InputChunk, InputChunk, InputChunk];
    const isIdentical = (chunks: InputChunk[]) =>
      replay({ card: many.card, chunks, program }).isIdentical;
    expect(isIdentical([first, second, third])).toBe(true);
    expect(isIdentical([first, second])).toBe(false);
    expect(isIdentical([second, first, third])).toBe(false);
    const shortened = { ...third, lines: third.lines.split("\n").slice(1).join("\n") };
    expect(isIdentical([first, second, shortened])).toBe(false);
  });

  it.each<[string, (program: PublishedProgram) => PublishedProgram | undefined, string]>([
    [
      "a weight",
      (p) => {
        const [first, ...others] = p.definition.metrics;
        const metrics = [{ ...first, weightPercent: 21 }, ...others] as typeof others;
        return { ...p, definition: { ...p.definition, metrics } };
      },
      "/metrics/0/weightPercent",
    ],
    ["the version", (p) => ({ ...p, version: 2 }), "/programVersion"],
    ["a program that is gone", () => undefined, "/programVersion"],
    [
      "a rating band",
      (p) => ({
        ...p,
        definition: { ...p.definition, ratingBands: p.definition.ratingBands.slice(1) },
      }),
      "/ratingBands/0/from",
    ],
    [
      "the minimum sample",
      (p) => ({ ...p, definition: { ...p.definition, minimumSample: 11 } }),
      "/formulaHash",
    ],
  ])("G-02 names the difference where the program has another %s", (_, change, at) => {
    const rows = stored();
    const { isIdentical, differences } = replay({ ...rows, program: change(rows.program) });
    expect(isIdentical).toBe(false);
    expect(differences.map((difference) => difference.at)).toContain(at);
  });

  it("names the altered input rather than crash on a line that is none", () => {
    const rows = stored();
    const chunks = [{ chunk: 0, inputsDigest: rows.card.inputsDigest, lines: "nonsense" }];
    expect(replay({ ...rows, chunks }).differences.map(({ at }) => at)).toContain("inputs");
  });
});

describe("the input list", () => {
  it("keeps the facts that move a sum and no others, by id", () => {
    const inputs = inputsOf(
      [
        fact(3),
        fact(1, { engagedOn: "2026-01-01", closedOn: "2026-02-01" }),
        fact(2, { engagedOn: "2026-01-01", outcome: "open", closedOn: null }),
        fact(4, { engagedOn: "2027-04-01", closedOn: null, outcome: "open" }),
      ],
      Q1.span,
    );
    expect(inputs.map(({ opportunityId }) => Number(opportunityId.slice(-3)))).toEqual([2, 3]);
  });

  it("lies in chunks below 100 KB", () => {
    const { chunks } = toChunks(
      inputsOf(
        facts(3_000).map((one) => ({
          ...one,
          amountMinor: 999_999_999,
          listAmountMinor: 999_999_999,
        })),
        Q1.span,
      ),
    );
    for (const chunk of chunks) {
      expect(Buffer.byteLength(JSON.stringify(chunk))).toBeLessThan(100_000);
    }
  });

  it("an empty one is a list of no chunks that replays", () => {
    const { card, chunks } = freeze([]);
    expect(chunks).toEqual([]);
    expect(card).toMatchObject({ inputCount: 0, rating: { status: "insufficient-data" } });
    expect(replay({ card, chunks, program }).isIdentical).toBe(true);
  });
});

describe("the recount", () => {
  const months = [...recount(facts())].map(([month, counters]) => ({
    partnerId: PARTNER,
    month,
    counters,
    version: 1,
    changedAt: NOW.toISOString(),
  }));
  const upTo = monthOf(Q1.span.to);

  it("agrees with a rollup that was kept right", () => {
    expect(rollupDifferences(facts(), months, upTo)).toEqual([]);
  });

  it("names month, counter and both figures where it was not", () => {
    const wrong = months.map((row) =>
      row.month === "2027-02" ? { ...row, counters: { ...row.counters, wonCount: 35 } } : row,
    );
    expect(rollupDifferences(facts(), wrong, upTo)).toEqual([
      { month: "2027-02", counter: "wonCount", stored: 35, recounted: 36 },
    ]);
  });

  it("names a month that has no rollup at all", () => {
    const missing = months.filter(({ month }) => month !== "2027-01");
    expect(rollupDifferences(facts(), missing, upTo).map(({ month }) => month)).toContain(
      "2027-01",
    );
  });
});

describe("late changes", () => {
  const frozen = inputsOf(facts(), Q1.span);
  const { card } = freeze();
  const now = (inputs: readonly CardInput[]) => ({
    inputs,
    handedIn: { figures: [], voices: [] },
  });

  it("are none while the facts stand", () => {
    const { changes, score, scoreAfter } = lateChanges(card, program, frozen, now(frozen));
    expect(changes).toEqual([]);
    expect(scoreAfter).toBe(score);
  });

  it("do not include a new revision of a fact whose counting values are the same", () => {
    const revised = frozen.map((input) => ({ ...input, revision: input.revision + 1 }));
    expect(lateChanges(card, program, frozen, now(revised)).changes).toEqual([]);
  });

  it("list what changed, came and went, with the effect of each and of all", () => {
    const [first, second, ...others] = facts();
    if (!first || !second) throw new Error("there are facts");
    const today = [{ ...first, amountMinor: 5_000_000, revision: 2 }, ...others, fact(999)];
    const current = inputsOf(today, Q1.span);
    const late = lateChanges(card, program, frozen, now(current));
    expect(late.changes.map(({ kind }) => kind)).toEqual(["changed", "removed", "added"]);
    const after = freeze(today).card;
    expect(late.scoreAfter).toBe(after.score);
    expect(late.ratingAfter).toEqual(after.rating);
    const onlyFirst = freeze([{ ...first, amountMinor: 5_000_000 }, second, ...others]).card;
    const alone = Math.round(((onlyFirst.score ?? 0) - (card.score ?? 0)) * 1e4) / 1e4;
    expect(late.changes[0]?.scoreChange).toBe(alone);
    expect(alone).not.toBe(0);
  });
});

it("a card belongs to its partner and cycle: another partner's rows do not replay under it", () => {
  const rows = stored();
  const other = PartnerId.parse("ptr_0000000000000000000000000B");
  expect(replay({ ...rows, card: { ...rows.card, partnerId: other } }).isIdentical).toBe(false);
});
