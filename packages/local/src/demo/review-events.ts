import { addDays } from "@concord/core/calendar";
import type { Review, Session } from "@concord/core/review";
import type { FrozenCard, Scorecard } from "@concord/core/scorecard";
import { commitmentEvents } from "./commitments.ts";
import { daysOf } from "./cycle-events.ts";
import { cycleOf, type DemoEvent, type DemoRun } from "./demo-run.ts";
import { at, type DemoQuarter } from "./local-time.ts";
import { gapsOf, lessonOn, needOn, winOn } from "./review-texts.ts";
import { holdSession } from "./session.ts";
import type { DemoPartner } from "./set-up.ts";

/** Days after the end of the quarter. */
const PREVIEW = 4;
export const SESSION = 12;
const SIGNATURES = 17;

/** What people do in a review: both sides post, meet, commit themselves and sign. */
export function reviewEvents(run: DemoRun, quarter: DemoQuarter): DemoEvent[] {
  const { to } = daysOf(quarter);
  const sessionOn = addDays(to, SESSION);
  return [
    { at: at(addDays(to, PREVIEW), "10:00"), run: () => preview(run, quarter) },
    { at: at(sessionOn, "14:00"), run: () => sessions(run, quarter, sessionOn) },
    { at: at(addDays(to, SIGNATURES), "11:00"), run: () => signatures(run, quarter) },
    ...commitmentEvents(run, quarter, sessionOn),
  ];
}

async function preview(run: DemoRun, quarter: DemoQuarter): Promise<void> {
  const { say, checks, reviewed } = run;
  const on = addDays(daysOf(quarter).to, PREVIEW);
  const shown: string[] = [];
  for (const { partner, executive, manager } of reviewed) {
    const { body: scorecard } = await executive.api.call<Scorecard>(
      `/v1/partners/${partner.partnerId}/scorecards/${quarter}`,
    );
    checks.expect(
      `${partner.name} sees its card of ${quarter} before the freeze`,
      scorecard.status === "live",
      scorecard.status,
    );
    const { card } = scorecard;
    shown.push(`${partner.name} ${card.shownScore ?? "without a score"}`);
    const gaps = gapsOf(card.metrics);
    const [worst, second] = gaps;
    const best = gaps.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0))[0];
    if (!worst || !second || !best) continue;
    const post = contributionsTo(run, quarter, partner.partnerId);
    await post(executive.api, "win", winOn(best));
    await post(executive.api, "lesson", lessonOn(worst));
    await post(executive.api, "need", needOn(worst));
    await post(
      manager.api,
      "comment",
      `${best.name} is what others can learn from; let us speak about ${worst.name.toLowerCase()} and ${second.name.toLowerCase()} in the session.`,
    );
  }
  say.step(
    `${on}  Before the freeze of ${quarter}, partners see their preview and post wins, lessons and needs:`,
  );
  say.detail(shown.join(", "));
}

function contributionsTo(run: DemoRun, quarter: DemoQuarter, partnerId: string) {
  const { cycleId } = cycleOf(run, quarter);
  return (api: DemoPartner["executive"]["api"], kind: string, text: string) =>
    api.call(`/v1/review-cycles/${cycleId}/reviews/${partnerId}/contributions`, {
      body: { kind, text },
    });
}

async function sessions(run: DemoRun, quarter: DemoQuarter, heldOn: string): Promise<void> {
  const { say, checks, reviewed } = run;
  let actionItems = 0;
  let carriedOver = 0;
  for (const partner of reviewed) {
    const session = await holdSession(run, quarter, partner, heldOn);
    actionItems += session.actionItemIds.length;
    carriedOver += session.agenda.filter(({ carriesOver }) => carriesOver !== null).length;
  }
  say.step(
    `${heldOn}  ${reviewed.length} sessions of ${quarter}: ${actionItems} action items agreed, ${carriedOver} of them carried over from the quarter before`,
  );
  const expected = quarter === "2017-Q1" ? 0 : reviewed.length;
  checks.expect(
    `the sessions of ${quarter} carry over what was left undone`,
    carriedOver === expected,
    carriedOver,
  );
}

/** One partner signs with reservation, one does not sign at all. */
async function signatures(run: DemoRun, quarter: DemoQuarter): Promise<void> {
  const { say, reviewed } = run;
  let signed = 0;
  for (const [position, { partner, executive, manager }] of reviewed.entries()) {
    const path = `/v1/review-cycles/${cycleOf(run, quarter).cycleId}`;
    const review = `${path}/reviews/${partner.partnerId}`;
    const { body: card } = await executive.api.call<FrozenCard>(
      `${path}/scorecards/${partner.partnerId}`,
    );
    const { body: session } = await executive.api.call<Session>(`${review}/session`);
    const reservation =
      position === 0
        ? "Two deals waited for our customer, not for us; the cycle counts them."
        : null;
    const signers = position === reviewed.length - 1 ? [manager.api] : [executive.api, manager.api];
    for (const api of signers) {
      const { etag } = await api.call<Review>(review);
      await api.call(`${review}/sign`, {
        body: {
          sessionVersion: session.version,
          scorecardRevision: card.revision,
          reservation: api === executive.api ? reservation : null,
        },
        ifMatch: etag,
      });
      signed += 1;
    }
  }
  say.step(
    `${addDays(daysOf(quarter).to, SIGNATURES)}  ${signed} signatures under ${reviewed.length} reviews of ${quarter}; one with reservation, one missing`,
  );
}
