import { addDays } from "@concord/core/calendar";
import type { Cycle } from "@concord/core/cycle";
import type { Review } from "@concord/core/review";
import { cycleOf, type DemoEvent, type DemoRun } from "./demo-run.ts";
import { at, type DemoQuarter } from "./local-time.ts";
import { readMail } from "./read-mail.ts";

/** First and last day of a quarter of 2017. */
export const daysOf = (quarter: DemoQuarter): { from: string; to: string } =>
  ({
    "2017-Q1": { from: "2017-01-01", to: "2017-03-31" },
    "2017-Q2": { from: "2017-04-01", to: "2017-06-30" },
    "2017-Q3": { from: "2017-07-01", to: "2017-09-30" },
    "2017-Q4": { from: "2017-10-01", to: "2017-12-31" },
  })[quarter];

/** Days after the end of the quarter; what the program published says. */
const FREEZE_AFTER = 7;
const CLOSE_AFTER = 28;

/** The clock reaches the hour at which a cycle opens, freezes and closes; the rest happens by itself. */
export function cycleEvents(run: DemoRun, quarter: DemoQuarter): DemoEvent[] {
  const { from, to } = daysOf(quarter);
  const known = new Set<string>();
  return [
    {
      at: at(addDays(from, -1), "22:00"),
      async run() {
        for (const { mailId } of await run.runtime.outbox.list()) known.add(mailId);
      },
    },
    { at: at(from, "06:00"), run: () => opened(run, quarter, known) },
    { at: at(addDays(to, FREEZE_AFTER), "06:00"), run: () => frozen(run, quarter) },
    { at: at(addDays(to, CLOSE_AFTER), "06:00"), run: () => closed(run, quarter) },
  ];
}

async function opened(
  run: DemoRun,
  quarter: DemoQuarter,
  known: ReadonlySet<string>,
): Promise<void> {
  const { runtime, vendor, say, checks, findings } = run;
  const cycles = await vendor.programManager.api.list<Cycle>("/v1/review-cycles");
  const cycle = cycles.find(({ period }) => period === quarter);
  checks.expect(`the cycle of ${quarter} opens by itself`, cycle?.status === "open", cycle?.status);
  if (!cycle) return;
  findings.cycles.set(quarter, cycle);
  const reviews = await reviewsOf(run, cycle);
  const mails = (await runtime.outbox.list()).filter(({ mailId }) => !known.has(mailId));
  say.step(
    `${cycle.span.from}  ${quarter} opens: ${reviews.length} reviews, ${mails.length} mails to partners; cards freeze on ${dayOf(cycle.freezesAt)}, the cycle closes on ${dayOf(cycle.closesAt)}`,
  );
  const partners = vendor.partners.length;
  checks.expect(`${quarter} has one review per partner`, reviews.length === partners);
  checks.expect(
    `every partner has a mail at the opening of ${quarter}`,
    mails.length === partners,
    mails.length,
  );
  if (quarter === "2017-Q1")
    await showMail(
      run,
      mails.map(({ mailId }) => mailId),
    );
}

async function showMail({ runtime, say, reviewed }: DemoRun, mailIds: string[]): Promise<void> {
  const address = reviewed[0]?.executive.email ?? "";
  for (const mailId of mailIds) {
    const mail = readMail((await runtime.outbox.read(mailId)) ?? "");
    if (!mail.to.includes(address)) continue;
    for (const line of [`To: ${mail.to}`, `Subject: ${mail.subject}`, ...mail.text.split("\n")]) {
      say.detail(`| ${line}`.trimEnd());
    }
    return;
  }
}

async function frozen(run: DemoRun, quarter: DemoQuarter): Promise<void> {
  const { vendor, say, checks } = run;
  const cycle = await current(run, quarter);
  const { rated, unrated } = (
    await vendor.programManager.api.call<{ rated: number; unrated: number }>(
      `/v1/rankings/${quarter}/summary`,
    )
  ).body;
  say.step(
    `${dayOf(cycle.freezesAt)}  ${quarter} is frozen: ${cycle.progress?.cardsFrozen ?? 0} cards, ${rated} rated, ${unrated} with insufficient data`,
  );
  checks.expect(`${quarter} freezes by itself`, cycle.status === "frozen", cycle.status);
  checks.expect(
    `every card of ${quarter} is frozen`,
    cycle.progress?.cardsFrozen === vendor.partners.length,
    cycle.progress,
  );
  checks.expect(
    `the rollups of ${quarter} agree with the facts`,
    cycle.progress?.rollupsRepaired === 0,
    cycle.progress,
  );
}

async function closed(run: DemoRun, quarter: DemoQuarter): Promise<void> {
  const { say, checks } = run;
  const cycle = await current(run, quarter);
  const reviews = await reviewsOf(run, cycle);
  const count = (outcome: string) =>
    reviews.filter((review) => review.status === "closed" && review.outcome === outcome).length;
  say.step(
    `${dayOf(cycle.closesAt)}  ${quarter} closes: ${count("signed")} reviews signed, ${count("signed-with-reservation")} signed with reservation, ${count("not-signed")} not signed`,
  );
  checks.expect(`${quarter} closes by itself`, cycle.status === "closed", cycle.status);
  checks.expect(
    `every review of ${quarter} is closed`,
    reviews.every(({ status }) => status === "closed"),
  );
  checks.expect(
    `${quarter} has a review signed with reservation`,
    count("signed-with-reservation") === 1,
  );
}

type WithProgress = Cycle & {
  progress: { cardsFrozen: number; rollupsRepaired: number } | null;
};

async function current(run: DemoRun, quarter: DemoQuarter): Promise<WithProgress> {
  const { cycleId } = cycleOf(run, quarter);
  const { api } = run.vendor.programManager;
  const { body } = await api.call<WithProgress>(`/v1/review-cycles/${cycleId}`);
  run.findings.cycles.set(quarter, body);
  return body;
}

const reviewsOf = ({ vendor }: DemoRun, { cycleId }: Cycle): Promise<Review[]> =>
  vendor.programManager.api.list<Review>(`/v1/review-cycles/${cycleId}/reviews`);

/** The date part; the hours of the demo are the same day in Chicago and UTC. */
const dayOf = (instant: string): string => instant.slice(0, 10);
