import { PartnerId, ProgramId } from "@concord/core/id";
import { sumsOfFacts } from "@concord/core/metric";
import { type PublishedProgram, resellerTemplate } from "@concord/core/program";
import { type CountedOpportunity, type MonthRollup, recount } from "@concord/core/rollup";
import { explain, groundsOfMonths, scoreCard } from "@concord/core/scorecard";
import { openPeer } from "./open-peer.ts";
import { cpuBeside, type Ratio } from "./ratio.ts";

const SPAN = { from: "2026-10-01", to: "2026-12-31" };
const FACTS = 500;
const PARTNERS = 20;
const CASES = 10_000;

const program: PublishedProgram = {
  programId: ProgramId.parse("pgm_0000000000000000000000000A"),
  version: 1,
  effectiveFrom: "2026-Q1",
  definition: resellerTemplate("USD"),
  warnings: [],
  publishedAt: "2026-01-01T00:00:00.000Z",
  publishedBy: { kind: "system", name: "bench" },
};

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const day = (offset: number): string =>
  new Date(Date.UTC(2026, 8, 1) + offset * 86_400_000).toISOString().slice(0, 10);

/** Facts as a feed has them: won, lost and open, begun before and within the quarter. */
function factsOf(random: () => number, count: number): CountedOpportunity[] {
  return Array.from({ length: count }, (): CountedOpportunity => {
    const engaged = Math.floor(random() * 110);
    const outcome = random() < 0.2 ? "open" : random() < 0.6 ? "won" : "lost";
    const listAmountMinor = 100_000 + Math.floor(random() * 400_000);
    const amountMinor = Math.floor(listAmountMinor * (0.8 + random() * 0.35));
    const closedOn = outcome === "open" ? null : day(engaged + 1 + Math.floor(random() * 60));
    return { outcome, engagedOn: day(engaged), closedOn, amountMinor, listAmountMinor };
  });
}

const partnerId = (number: number): PartnerId =>
  PartnerId.parse(`ptr_${String(number).padStart(26, "0")}`);

const monthsOf = (id: PartnerId, facts: readonly CountedOpportunity[]): MonthRollup[] =>
  [...recount(facts)].map(([month, counters]) => ({
    partnerId: id,
    month,
    counters,
    version: 1,
    changedAt: "2027-01-01T00:00:00.000Z",
  }));

const cardFrom = (id: PartnerId, grounds: ReturnType<typeof groundsOfMonths>) =>
  scoreCard({ program, partnerId: id, period: "2026-Q4", span: SPAN, grounds });

/** Both ways give the same total; without it a ratio says nothing. @returns how many cases were compared */
function agreement(): number {
  const random = mulberry(20_261);
  for (let at = 0; at < CASES; at += 500) {
    const partners = new Map(
      Array.from({ length: 500 }, (_, n) => [partnerId(at + n), factsOf(random, 60)] as const),
    );
    const peer = openPeer(partners);
    for (const [id, facts] of partners) {
      const { score, coveragePercent } = cardFrom(id, { sums: sumsOfFacts(facts, SPAN) });
      const theirs = peer.score(id, SPAN.from, SPAN.to);
      if (coveragePercent !== 100 || Math.abs((score ?? 0) - theirs) > 1e-4) {
        throw new Error(`${id}: ${score} here, ${theirs} in the peer's way, ${coveragePercent} %`);
      }
    }
  }
  return CASES;
}

/** B7 and B8 of the targets: partners scored a second, explanation on, beside the open peer's way. */
export function scoringRatios(): readonly Ratio[] {
  process.stdout.write(`${agreement()} random cases are scored as in the open peer's way\n\n`);
  const random = mulberry(7);
  const facts = new Map(
    Array.from({ length: PARTNERS }, (_, n) => [partnerId(n), factsOf(random, FACTS)] as const),
  );
  const months = new Map([...facts].map(([id, own]) => [id, monthsOf(id, own)]));
  const peer = openPeer(facts);
  const known = [...facts.keys()].map((id) => peer.variables(id, SPAN.from, SPAN.to));
  const fromFacts = () => {
    for (const [id, own] of facts) explain(cardFrom(id, { sums: sumsOfFacts(own, SPAN) }));
  };
  const fromMonths = () => {
    for (const [id, own] of months) explain(cardFrom(id, groundsOfMonths(own, SPAN)));
  };
  const peerFromFacts = () => {
    for (const id of facts.keys()) peer.score(id, SPAN.from, SPAN.to);
  };
  const peerFormulas = () => {
    for (const variables of known) peer.scoreOf(variables);
  };
  const faster = (
    named: Pick<Ratio, "id" | "what" | "gate">,
    { share, ...measured }: ReturnType<typeof cpuBeside>,
  ): Ratio => ({ ...named, ...measured, ratio: 1 / share, isCeiling: false });
  return [
    faster(
      { id: "B7", what: `partners a second from ${FACTS} facts`, gate: 50 },
      cpuBeside(fromFacts, peerFromFacts),
    ),
    faster(
      { id: "B8", what: "partners a second from months", gate: 300 },
      cpuBeside(fromMonths, peerFormulas),
    ),
  ];
}
