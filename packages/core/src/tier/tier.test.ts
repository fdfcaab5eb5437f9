import { describe, expect, it } from "vitest";
import {
  CycleId,
  DisputeId,
  MemberId,
  OpportunityId,
  PartnerId,
  PersonId,
  ProgramId,
} from "../id/index.ts";
import {
  faultsOf,
  type ProgramDefinition,
  type PublishedProgram,
  resellerTemplate,
} from "../program/index.ts";
import { type CardOverride, type FrozenCard, freezeCard } from "../scorecard/index.ts";
import type { PartnerTier } from "./schema.ts";
import { decide, evaluate, tierFor } from "./tier.ts";

const id = (prefix: string, last: string) => `${prefix}_${last.padStart(26, "0")}`;
const system = { kind: "system", name: "queue" } as const;
const manager = {
  kind: "member",
  personId: PersonId.parse(id("per", "A")),
  memberId: MemberId.parse(id("mem", "A")),
  roles: ["program-manager"],
} as const;
const timeZone = "America/Chicago";
const NOW = new Date("2027-04-08T12:00:00.000Z");

const none = { minimumScore: null, minimumRatingId: null, minimumPeriods: 0 };
const tiers: ProgramDefinition["tiers"] = [
  { tierId: "member", name: "Member", ...none },
  { tierId: "silver", name: "Silver", ...none, minimumScore: 50 },
  {
    tierId: "gold",
    name: "Gold",
    ...none,
    minimumScore: 60,
    minimumRatingId: "strong",
    minimumPeriods: 2,
  },
];
const definition = { ...resellerTemplate("USD"), tiers };
const programWith = (changes: Partial<ProgramDefinition> = {}): PublishedProgram => ({
  programId: ProgramId.parse(id("pgm", "A")),
  version: 1,
  effectiveFrom: "2027-Q1",
  definition: { ...definition, ...changes },
  warnings: [],
  publishedAt: "2026-12-01T00:00:00.000Z",
  publishedBy: system,
});
const cardOf = (
  {
    outcome = "won" as const,
    list = 260_000,
    revision = 1,
  }: Partial<{ outcome: "won" | "lost"; list: number; revision: number }> = {},
  overrides?: CardOverride[],
): FrozenCard =>
  freezeCard({
    program: programWith(),
    cycleId: CycleId.parse(id("cyc", "A")),
    partnerId: PartnerId.parse(id("ptr", "A")),
    period: "2027-Q1",
    span: { from: "2027-01-01", to: "2027-03-31" },
    inputs: Array.from({ length: 30 }, (_, index) => ({
      opportunityId: OpportunityId.parse(id("opp", String(index))),
      revision: 1,
      outcome: index < 20 ? outcome : "lost",
      engagedOn: "2027-01-10",
      closedOn: "2027-02-20",
      amountMinor: 250_000,
      listAmountMinor: list,
    })),
    terms: overrides ? { overrides } : {},
    revision,
    reason: null,
    now: NOW,
  }).card;
const standing = (score: number | null, ratingId = "strong") => ({
  score,
  shownScore: score === null ? null : score.toFixed(1),
  rating: score === null ? null : { ratingId, name: ratingId },
});
const held = (tierId: string, ratedPeriods: string[] = ["2026-Q4"]): PartnerTier => ({
  partnerId: PartnerId.parse(id("ptr", "A")),
  programId: ProgramId.parse(id("pgm", "A")),
  partnerName: "Northwind",
  ...{ tierId, tierName: tierId, since: "2027-01-08T12:00:00.000Z", recommendation: null },
  evaluated: { cycleId: CycleId.parse(id("cyc", "9")), period: "2026-Q4", scorecardRevision: 1 },
  ...{ ratedPeriods, history: [], updatedAt: "2027-01-08T12:00:00.000Z", version: 1 },
});
const looked = (
  current: PartnerTier | undefined,
  of: ReturnType<typeof standing>,
  card = cardOf(),
  program = programWith(),
) =>
  evaluate(
    current,
    { program, card, standing: of, partnerName: "Northwind", timeZone },
    system,
    NOW,
  );
const automatic = programWith({ automaticPromotion: true });

describe("G-05 the tier of a standing", () => {
  it.each([
    [49.9, "developing", 5, "member"],
    [50, "performing", 5, "silver"],
    [65, "strong", 1, "silver"],
    [65, "strong", 2, "gold"],
    [65, "performing", 2, "silver"],
  ])("of %d (%s) over %d periods is %s", (score, ratingId, periods, tierId) => {
    expect(tierFor(definition, standing(score, ratingId), periods)?.tierId).toBe(tierId);
  });

  it("is none without a score", () => {
    expect(tierFor(definition, standing(null), 5)).toBeUndefined();
  });

  it("is only published where the first is everybody's and none asks for less than the one below", () => {
    const faultsWith = (changed: ProgramDefinition["tiers"]) =>
      faultsOf({ ...definition, tiers: changed }).map(({ pointer }) => pointer);
    const [member, silver, gold] = tiers;
    if (!member || !silver || !gold) throw new Error("there are three");
    expect(faultsWith(tiers)).toEqual([]);
    expect(faultsWith([silver, gold])).toEqual(["/tiers/0"]);
    expect(faultsWith([member, gold, silver])).toEqual([
      "/tiers/2/minimumScore",
      "/tiers/2/minimumRatingId",
      "/tiers/2/minimumPeriods",
    ]);
    expect(faultsWith([member, { ...silver, tierId: "member", minimumRatingId: "none" }])).toEqual([
      "/tiers/1/minimumRatingId",
      "/tiers/1/tierId",
    ]);
  });
});

describe("G-05 a promotion", () => {
  it("waits for a person where the program does not promote by itself", () => {
    const change = looked(held("member"), standing(65));
    expect(change?.event.type).toBe("tier.recommended");
    expect(change?.next).toMatchObject({
      tierId: "member",
      recommendation: { direction: "promotion", tierId: "gold", decidableFrom: null },
    });
  });

  it("is made at once where it does", () => {
    const change = looked(held("member"), standing(65), cardOf(), automatic);
    expect(change?.event.type).toBe("tier.promoted");
    expect(change?.next).toMatchObject({
      tierId: "gold",
      recommendation: null,
      history: [{ from: "member", to: "gold", how: "automatic", by: system }],
    });
  });

  it("is not made by itself with a red flag", () => {
    // A tenth of the list price: discount discipline is far below its floor.
    const flagged = cardOf({ list: 2_500_000 });
    expect(flagged.metrics.some(({ isRedFlag }) => isRedFlag)).toBe(true);
    const change = looked(held("member"), standing(65), flagged, automatic);
    expect(change?.event.type).toBe("tier.recommended");
    expect(change?.next.recommendation?.blockedBy).toEqual(["Discount discipline has a red flag"]);
  });
});

describe("G-05 a partner that withholds a figure", () => {
  const missing = (suppliedBy: "partner" | "vendor") => ({
    ...cardOf(),
    missingFigures: [
      { measure: "csat_percent", name: "Satisfaction", suppliedBy, months: ["2027-02"] },
    ],
  });

  it("is not promoted without a person; one that waits for the vendor's figure is", () => {
    const change = looked(held("member"), standing(65), missing("partner"), automatic);
    expect(change?.event.type).toBe("tier.recommended");
    expect(change?.next.recommendation?.blockedBy).toEqual([
      "Satisfaction is missing, which the partner supplies: 2027-02",
    ]);
    const promoted = looked(held("member"), standing(65), missing("vendor"), automatic);
    expect(promoted?.event.type).toBe("tier.promoted");
  });
});

describe("G-05 a demotion", () => {
  it("is never made without a person, whatever the program says of promotions", () => {
    const change = looked(held("gold"), standing(55, "performing"), cardOf(), automatic);
    expect(change?.event.type).toBe("tier.recommended");
    expect(change?.next).toMatchObject({
      tierId: "gold",
      // Frozen on 8 April, disputable until the 18th.
      recommendation: { direction: "demotion", tierId: "silver", decidableFrom: "2027-04-19" },
    });
  });

  it("does not follow from a card without a rating, nor from one of which nothing is to follow", () => {
    expect(looked(held("gold"), standing(null))?.next.recommendation).toBeNull();
    const waiver = {
      kind: "consequence-waived",
      metricId: null,
      disputeId: DisputeId.parse(id("dsp", "A")),
    } as const;
    const change = looked(held("gold"), standing(55, "performing"), cardOf({}, [waiver]));
    expect(change?.next).toMatchObject({ tierId: "gold", recommendation: null });
  });

  const pending = () => {
    const change = looked(held("gold"), standing(55, "performing"));
    if (!change) throw new Error("a demotion is recommended");
    return change.next;
  };
  const confirm = { outcome: "confirmed" as const, reason: "Two quarters in a row" };
  const at =
    (now: string, disputes: readonly { status: string }[] = [], revision = 1) =>
    () =>
      decide(
        pending(),
        confirm,
        { revision, disputes: disputes as Parameters<typeof decide>[2]["disputes"], timeZone },
        manager,
        new Date(now),
      );

  it("is confirmed after the appeal window alone, and while nothing is disputed", () => {
    // In Chicago it is still the 18th.
    const early = expect.objectContaining({ code: "tier-too-early" });
    expect(at("2027-04-19T04:59:00.000Z")).toThrow(early);
    const late = "2027-04-19T05:00:00.000Z";
    const disputed = expect.objectContaining({ code: "tier-disputed" });
    expect(at(late, [{ status: "open" }])).toThrow(disputed);
    const stale = expect.objectContaining({ code: "tier-recommendation-stale" });
    expect(at(late, [], 2)).toThrow(stale);
    const { next, event } = at(late, [{ status: "rejected" }])();
    expect(event.type).toBe("tier.confirmed");
    expect(next).toMatchObject({
      tierId: "silver",
      recommendation: null,
      history: [{ from: "gold", to: "silver", how: "decided", reason: confirm.reason }],
    });
  });

  it("is declined at any time, and not recommended again for the same revision", () => {
    const seen = { revision: 1, disputes: [], timeZone };
    const { next } = decide(pending(), { ...confirm, outcome: "declined" }, seen, manager, NOW);
    expect(next).toMatchObject({ tierId: "gold", recommendation: null, history: [] });
    expect(looked(next, standing(55, "performing"))).toBeUndefined();
    const again = looked(next, standing(55, "performing"), cardOf({ revision: 2 }));
    expect(again?.next.recommendation).toMatchObject({ tierId: "silver", scorecardRevision: 2 });
    expect(() => decide(next, confirm, seen, manager, NOW)).toThrow(
      expect.objectContaining({ code: "tier-not-recommended" }),
    );
  });
});

describe("G-05 an evaluation", () => {
  it("counts each period once, whatever its revisions", () => {
    const first = looked(undefined, standing(65));
    expect(first?.next).toMatchObject({ ratedPeriods: ["2027-Q1"], tierId: null });
    const second = looked(first?.next, standing(65), cardOf({ revision: 2 }));
    expect(second?.next).toMatchObject({ ratedPeriods: ["2027-Q1"], version: 2 });
    expect(looked(second?.next, standing(65), cardOf({ revision: 2 }))).toBeUndefined();
  });
});
