import { readFileSync } from "node:fs";
import { CycleId, OpportunityId, PartnerId, ProgramId } from "@concord/core/id";
import { type PublishedProgram, resellerTemplate } from "@concord/core/program";
import { type CardInput, freezeCard } from "@concord/core/scorecard";
import { createTenant } from "@concord/core/tenant";
import { ACME, testStore } from "@concord/local/testing";
import { describe, expect, it } from "vitest";

const program: PublishedProgram = {
  programId: ProgramId.parse("pgm_0000000000000000000000000A"),
  version: 1,
  effectiveFrom: "2026-Q4",
  definition: resellerTemplate("USD"),
  warnings: [],
  publishedAt: "2026-09-01T00:00:00.000Z",
  publishedBy: { kind: "system", name: "bootstrap" },
};
const key = {
  cycleId: CycleId.parse("cyc_0000000000000000000000000A"),
  partnerId: PartnerId.parse("ptr_0000000000000000000000000A"),
};
const inputs: CardInput[] = Array.from({ length: 150 }, (_, index) => ({
  opportunityId: OpportunityId.parse(`opp_${String(index).padStart(26, "0")}`),
  revision: 1,
  outcome: "won",
  engagedOn: "2026-10-05",
  closedOn: "2026-11-20",
  amountMinor: 250_000,
  listAmountMinor: 260_000,
}));
const { card, chunks } = freezeCard({
  program,
  ...key,
  period: "2026-Q4",
  span: { from: "2026-10-01", to: "2026-12-31" },
  inputs,
  terms: {},
  revision: 1,
  reason: null,
  now: new Date("2027-01-07T12:00:00.000Z"),
});

/** The budget the document gives a pattern: requests of one call, and units. */
function budgetOf(pattern: string): string {
  const document = readFileSync(new URL("../../ACCESS_PATTERNS.md", import.meta.url), "utf8");
  const row = document.split("\n").find((line) => line.startsWith(`| ${pattern} `));
  const cells = row?.split("|").map((cell) => cell.trim()) ?? [];
  return `${Number.parseInt(cells.at(-3) ?? "", 10)} ${cells.at(-2)}`;
}

describe("the budgets of programs and scorecards", () => {
  it("are what the meter counts", async () => {
    const test = await testStore();
    const system = test.asSystem(ACME);
    await createTenant(
      { ...system, openTenant: test.openTenant },
      {
        tenantId: ACME,
        tenant: {
          name: "Acme",
          timeZone: "America/Chicago",
          fiscalYearStartMonth: 1,
          currency: "USD",
        },
        owner: {
          displayName: "Olive Owner",
          email: "owner@acme.test",
          initialPassword: "a password of these tests",
        },
      },
    );
    const by = { at: program.publishedAt, by: program.publishedBy };
    const head = {
      programId: program.programId,
      draft: program.definition,
      published: null,
      version: 1,
      createdAt: program.publishedAt,
      updatedAt: program.publishedAt,
    };
    const { definition: _definition, programId, publishedBy: _publishedBy, ...summary } = program;
    const timers = [
      { kind: "cycle-open", subject: `${programId}/2026-10-01`, dueAt: program.publishedAt },
    ] as const;
    const frozen = {
      revision: 1,
      score: card.score,
      rating: "leading",
      inputsDigest: card.inputsDigest,
      cardDigest: card.cardDigest,
      reason: null,
    };
    type Store = typeof system.store;
    const steps: [string, (store: Store) => Promise<unknown>][] = [
      [
        "AP-45",
        (s) =>
          s.programs.save(head, { ...by, type: "program.created", data: { draft: head.draft } }),
      ],
      [
        "AP-46",
        (s) =>
          s.programs.save(
            { ...head, version: 2 },
            { ...by, type: "program.published", data: summary },
            { published: program, timers },
          ),
      ],
      ["AP-40", (s) => s.programs.get(programId)],
      ["AP-41", (s) => s.programs.list()],
      ["AP-42", (s) => s.programs.versions(programId)],
      ["AP-43", (s) => s.programs.version(programId, 1)],
      ["AP-44", (s) => s.programs.scoringRules(system.now)],
      ["AP-53", (s) => s.scorecards.beginning(key)],
      ["AP-55", (s) => s.scorecards.addInputs(card, chunks)],
      ["AP-57", (s) => s.scorecards.save(card, { ...by, type: "scorecard.frozen", data: frozen })],
      ["AP-50", (s) => s.scorecards.latest(key)],
      ["AP-51", (s) => s.scorecards.revision(key, 1)],
      ["AP-52", (s) => s.scorecards.revisions(key)],
      ["AP-53", (s) => s.scorecards.beginning(key)],
      ["AP-54", (s) => s.scorecards.inputs(card, 0)],
      ["AP-56", (s) => s.scorecards.discardOtherInputs(card)],
    ];
    const measured: string[] = [];
    for (const [pattern, run] of steps) {
      const usage = await test.costOf((as) => run(as(system.actor, ACME).store));
      const units = usage.writeUnits > 0 ? `${usage.writeUnits} W` : `${usage.readUnits} R`;
      measured.push(`${pattern}: ${usage.requests} ${units}`);
    }
    expect(measured).toEqual(steps.map(([pattern]) => `${pattern}: ${budgetOf(pattern)}`));
  });

  it("hold for cards of at most 16 KB", () => {
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(16_000);
    expect(chunks).toHaveLength(1);
  });
});
