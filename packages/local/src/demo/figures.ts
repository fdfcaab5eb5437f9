import type { FrozenCard, Replay } from "@concord/core/scorecard";
import { cycleOf, type DemoRun } from "./demo-run.ts";
import { QUARTERS } from "./local-time.ts";

/** Worked out by hand from the public export: one partner in one quarter. */
const checkValue = {
  partner: "Darcel Schlecht",
  quarter: "2017-Q2",
  figures: {
    won: 96,
    lost: 60,
    revenue: 310_075,
    "win rate": 61.538,
    "average deal": 3229.948,
    cycle: 48.01,
    open: 85,
  },
} as const;

/** Prints the figures of the check value beside what was worked out by hand, where its partner is there. */
export async function compareCheckValue(run: DemoRun): Promise<void> {
  const { say, checks, vendor } = run;
  const { partner: name, quarter, figures } = checkValue;
  const participant = vendor.partners.find(({ partner }) => partner.name === name);
  if (!participant) return;
  const { body: card } = await vendor.programManager.api.call<FrozenCard>(
    `/v1/review-cycles/${cycleOf(run, quarter).cycleId}/scorecards/${participant.partner.partnerId}`,
  );
  const { wonCount, lostCount, wonAmount, cycleDays, cycleCount } = card.sums.inPeriod;
  const measured = (measure: string) =>
    Number(card.metrics.find((metric) => metric.measure === measure)?.value);
  const found: Record<keyof typeof figures, number> = {
    won: wonCount,
    lost: lostCount,
    revenue: measured("revenue_won"),
    "win rate": measured("win_rate_percent"),
    "average deal": measured("average_deal_size"),
    cycle: measured("sales_cycle_days"),
    open: card.sums.atEnd.openCount,
  };
  say.step(`Check value: ${name}, ${quarter}, worked out by hand and on the frozen card`);
  for (const [figure, expected] of Object.entries(figures)) {
    const value = found[figure as keyof typeof figures];
    say.detail(
      `${figure.padEnd(13)} ${expected.toLocaleString("en-US").padStart(10)} ${value.toLocaleString("en-US", { maximumFractionDigits: 4 }).padStart(12)}`,
    );
    checks.expect(
      `${figure} of ${name} in ${quarter} is ${expected}`,
      Math.abs(value - expected) < 0.001,
      value,
    );
  }
  checks.expect(
    "the inputs of the check value say the same",
    wonAmount === figures.revenue * 100 && (cycleDays / cycleCount).toFixed(3) === "48.010",
    card.sums,
  );
}

/** Every frozen card is computed again from its stored inputs and its program version. */
export async function replayCards(run: DemoRun): Promise<void> {
  const { say, checks, vendor } = run;
  const { api } = vendor.programManager;
  let identical = 0;
  let cards = 0;
  for (const quarter of QUARTERS) {
    const { cycleId } = cycleOf(run, quarter);
    for (const { partner } of vendor.partners) {
      const { body } = await api.call<Replay>(
        `/v1/review-cycles/${cycleId}/scorecards/${partner.partnerId}/replay`,
      );
      cards += 1;
      if (body.isIdentical) identical += 1;
      else {
        checks.expect(`the card of ${partner.name} in ${quarter} replays`, false, body.differences);
      }
    }
  }
  say.step(`${identical} of ${cards} frozen cards computed again from what is stored: identical`);
  checks.expect("every frozen card replays identically", identical === cards, identical);
}

/** A ranking that discriminates: no rating holds more than half of the partners. */
export function checkDistribution(
  { checks, vendor }: DemoRun,
  distribution: readonly { period: string; partners: readonly number[] }[],
): void {
  for (const { period, partners } of distribution) {
    const most = Math.max(...partners);
    checks.expect(
      `no rating holds more than half of the partners in ${period}`,
      2 * most <= vendor.partners.length,
      partners,
    );
  }
}
