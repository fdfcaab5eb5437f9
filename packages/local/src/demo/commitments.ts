import type { ActionItem } from "@concord/core/action-item";
import { addDays } from "@concord/core/calendar";
import { cycleOf, type DemoEvent, type DemoRun } from "./demo-run.ts";
import { at, type DemoQuarter } from "./local-time.ts";
import { dueAfter } from "./session.ts";
import type { DemoPartner } from "./set-up.ts";

/** Days after the session on which people do what they promised: before one date, after another. */
const FIRST_ROUND = dueAfter.partner - 2;
const SECOND_ROUND = dueAfter["deal-quality"] - 1;

/** Of the items of a session some are done on time, one late, and one is left for the next session. */
export function commitmentEvents(
  run: DemoRun,
  quarter: DemoQuarter,
  sessionOn: string,
): DemoEvent[] {
  const rounds = [addDays(sessionOn, FIRST_ROUND), addDays(sessionOn, SECOND_ROUND)];
  return rounds.map((on, round) => ({
    at: at(on, "16:00"),
    run: () => complete(run, quarter, sessionOn, on, round === 0),
  }));
}

async function complete(
  run: DemoRun,
  quarter: DemoQuarter,
  sessionOn: string,
  on: string,
  isFirstRound: boolean,
): Promise<void> {
  let onTime = 0;
  let late = 0;
  const latestDue = addDays(sessionOn, isFirstRound ? dueAfter.partner : dueAfter["deal-quality"]);
  for (const participant of run.reviewed) {
    const items = await openItemsOf(run, quarter, participant);
    for (const item of items.filter(({ dueOn }) => dueOn <= latestDue)) {
      const done = await completeItem(participant, item, on);
      if (done.status === "done" && done.isOnTime) onTime += 1;
      else late += 1;
    }
  }
  run.say.step(`${on}  Action items of ${quarter} done: ${onTime} on time, ${late} late`);
  const expectedLate = isFirstRound ? 0 : run.reviewed.length;
  run.checks.expect(
    `${expectedLate} items of ${quarter} are done late`,
    late === expectedLate,
    late,
  );
}

/** Of this quarter's session, made there or carried over into it. */
async function openItemsOf(
  run: DemoRun,
  quarter: DemoQuarter,
  { partner, manager }: DemoPartner,
): Promise<ActionItem[]> {
  const { cycleId } = cycleOf(run, quarter);
  const items = await manager.api.list<ActionItem>(
    `/v1/partners/${partner.partnerId}/action-items`,
  );
  return items.filter(
    (item) =>
      item.status === "open" &&
      (item.cycleId === cycleId || item.carriedOver.some((one) => one.cycleId === cycleId)),
  );
}

/** Whoever owns an item says that it is done. */
async function completeItem(
  { executive, manager }: DemoPartner,
  { actionItemId, owner }: ActionItem,
  doneOn: string,
): Promise<ActionItem> {
  const { api } = owner.kind === "member" ? manager : executive;
  const { etag } = await api.call<ActionItem>(`/v1/action-items/${actionItemId}`);
  const { body } = await api.call<ActionItem>(`/v1/action-items/${actionItemId}/complete`, {
    body: { doneOn },
    ifMatch: etag,
  });
  return body;
}
