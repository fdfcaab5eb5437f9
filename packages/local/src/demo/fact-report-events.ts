import type { FactReport } from "@concord/core/opportunity";
import type { LateChanges } from "@concord/core/scorecard";
import type { ApiClient } from "./api-client.ts";
import { cycleOf, type DemoEvent, type DemoRun } from "./demo-run.ts";
import { at } from "./local-time.ts";
import { signedText, valueText } from "./report/format.ts";
import type { DemoPartner } from "./set-up.ts";

const QUARTER = "2017-Q2";
const [FROM, TO] = ["2017-04-01", "2017-06-30"];

/** What the demo reads of an opportunity. */
interface Deal {
  readonly opportunityId: string;
  readonly externalId: string;
  readonly outcome: string;
  readonly closedOn: string | null;
  readonly amount: { readonly amount: string } | null;
}

/** A partner finds a wrong amount before the freeze; the steward corrects it when the card is frozen. */
export function factReportEvents(run: DemoRun): DemoEvent[] {
  const reporter = run.reviewed[1] ?? run.reviewed[0];
  if (!reporter) throw new Error("nobody's review is held");
  const found: { deal?: Deal; amount?: string } = {};
  return [
    {
      at: at("2017-07-05", "09:00"),
      async run() {
        const deal = await largestDeal(reporter);
        const amount = (Number(deal.amount?.amount) * 1.1).toFixed(2);
        Object.assign(found, { deal, amount });
        await report(run, reporter, deal, amount);
      },
    },
    {
      at: at("2017-07-11", "09:00"),
      async run() {
        if (found.deal && found.amount) await correct(run, reporter, found.deal, found.amount);
      },
    },
  ];
}

async function largestDeal({ partner, executive }: DemoPartner): Promise<Deal> {
  const deals = await executive.api.list<Deal>(`/v1/partners/${partner.partnerId}/opportunities`);
  const [largest] = deals
    .filter(
      ({ outcome, closedOn }) =>
        outcome === "won" && closedOn !== null && FROM <= closedOn && closedOn <= TO,
    )
    .toSorted(
      (a, b) =>
        Number(b.amount?.amount) - Number(a.amount?.amount) ||
        a.externalId.localeCompare(b.externalId),
    );
  if (!largest) throw new Error(`${partner.name} won nothing in ${QUARTER}`);
  return largest;
}

async function report(
  { say, vendor, checks }: DemoRun,
  { partner, executive }: DemoPartner,
  deal: Deal,
  amount: string,
): Promise<void> {
  const text = `The amount of ${deal.externalId} is ${amount}, not ${deal.amount?.amount}: the service contract is missing.`;
  await executive.api.call(`/v1/partners/${partner.partnerId}/fact-reports`, {
    body: { kind: "wrong", opportunityId: deal.opportunityId, text },
  });
  const work = await vendor.dataSteward.api.list<FactReport>("/v1/fact-reports");
  say.step(`2017-07-05  ${partner.name} reports a wrong fact behind its card: ${text}`);
  checks.expect(
    "a fact reported as wrong reaches the data steward",
    work.some((one) => one.opportunityId === deal.opportunityId && one.text === text),
    work,
  );
}

async function correct(
  run: DemoRun,
  { partner, executive }: DemoPartner,
  deal: Deal,
  amount: string,
): Promise<void> {
  const { say, checks, vendor } = run;
  const steward = vendor.dataSteward.api;
  const path = `/v1/partners/${partner.partnerId}/opportunities/${deal.opportunityId}`;
  const { etag } = await steward.call(path);
  await steward.call(`${path}/correct`, {
    body: { reason: "Signed order shows the service contract", fields: { amount } },
    ifMatch: etag,
  });
  await answer(steward, partner.partnerId, deal);
  const { body: late } = await executive.api.call<LateChanges>(
    `/v1/review-cycles/${cycleOf(run, QUARTER).cycleId}/scorecards/${partner.partnerId}/late-changes`,
  );
  const [change] = late.changes;
  const money = (text: string | undefined) => valueText(Number(text), "money", "USD");
  say.step(
    `2017-07-11  The data steward corrects it with a reason: ${money(deal.amount?.amount)} becomes ${money(amount)}`,
  );
  say.detail(
    `the frozen card of ${partner.name} stays at ${late.score}; it shows ${late.changes.length} late change, which would move it by ${change?.scoreChange === null ? "nothing" : signedText(change?.scoreChange ?? 0)} points`,
  );
  checks.expect(
    "a correction after the freeze is a late change of the frozen card",
    late.changes.length === 1 && change?.opportunityId === deal.opportunityId,
    late,
  );
}

async function answer(steward: ApiClient, partnerId: string, deal: Deal): Promise<void> {
  const reports = await steward.list<FactReport>("/v1/fact-reports");
  const open = reports.find(({ opportunityId }) => opportunityId === deal.opportunityId);
  if (!open) return;
  await steward.call(`/v1/partners/${partnerId}/fact-reports/${open.factReportId}/resolve`, {
    body: { outcome: "accepted", answer: "Corrected as the signed order says." },
    ifMatch: `"${open.version}"`,
  });
}
