import type { ActionOwner } from "@concord/core/action-item";
import { addDays } from "@concord/core/calendar";
import type { Session } from "@concord/core/review";
import type { FrozenCard } from "@concord/core/scorecard";
import { cycleOf, type DemoRun } from "./demo-run.ts";
import type { DemoQuarter } from "./local-time.ts";
import { activityOn, gapsOf, needOn } from "./review-texts.ts";
import type { DemoPartner } from "./set-up.ts";

type AgendaItem = Session["agenda"][number];
type ClosedSession = Extract<Session, { status: "closed" }>;

/** Days after the session until the action of a section is due. */
export const dueAfter = {
  partner: 14,
  "pipeline-health": 20,
  "deal-quality": 28,
  engagement: 70,
  "carried-over": 28,
} as const satisfies Record<AgendaItem["section"], number>;

/** Plans the session, fills its agenda, and closes it; closing it with an owner missing is tried first. */
export async function holdSession(
  run: DemoRun,
  quarter: DemoQuarter,
  participant: DemoPartner,
  heldOn: string,
): Promise<ClosedSession> {
  const { partner, manager } = participant;
  const { cycleId } = cycleOf(run, quarter);
  const path = `/v1/review-cycles/${cycleId}/reviews/${partner.partnerId}/session`;
  let session = await manager.api.call<Session>(path, { body: { heldOn } });
  const { body: card } = await manager.api.call<FrozenCard>(
    `/v1/review-cycles/${cycleId}/scorecards/${partner.partnerId}`,
  );
  const agreed = agreementsOn(card, participant, heldOn);
  const patch = async (item: AgendaItem, body: unknown) => {
    session = await manager.api.call<Session>(`${path}/agenda/${item.agendaItemId}`, {
      method: "PATCH",
      body,
      ifMatch: session.etag,
    });
  };
  const isRefusalDue = !run.findings.hasShownRefusal;
  for (const item of session.body.agenda) {
    const { notes, action } = agreed(item);
    const isWithoutOwner = isRefusalDue && item.section === "engagement";
    await patch(item, { notes, action: isWithoutOwner ? { ...action, owner: null } : action });
  }
  if (isRefusalDue) {
    await showRefusal(run, participant, path, session.etag);
    for (const item of session.body.agenda.filter(({ action }) => action?.owner === null)) {
      await patch(item, { action: agreed(item).action });
    }
  }
  const { body } = await manager.api.call<Session>(`${path}/close`, {
    method: "POST",
    ifMatch: session.etag,
  });
  if (body.status !== "closed") throw new Error(`the session of ${partner.name} is not closed`);
  return body;
}

async function showRefusal(
  { say, checks, findings }: DemoRun,
  { partner, manager }: DemoPartner,
  path: string,
  etag: string | null,
): Promise<void> {
  const refused = await manager.api.send(`${path}/close`, { method: "POST", ifMatch: etag });
  const problem = refused.body as { title?: string; errors?: { detail: string }[] };
  say.step(
    `Closing the session of ${partner.name} too early is answered ${refused.status}: ${problem.title}`,
  );
  for (const { detail } of problem.errors ?? []) say.detail(detail);
  checks.expect(
    "closing a session while an agenda item has no owner is refused",
    refused.status === 422 && problem.errors?.length === 1,
    refused.body,
  );
  findings.hasShownRefusal = true;
}

/** What is said and agreed on each item of the agenda. */
function agreementsOn(card: FrozenCard, { executive, manager }: DemoPartner, heldOn: string) {
  const gaps = gapsOf(card.metrics);
  const [worst, second] = [gaps[0], gaps[1]];
  const vendorSide: ActionOwner = { kind: "member", memberId: manager.memberId };
  const partnerSide: ActionOwner = {
    kind: "partner-user",
    partnerUserId: executive.partnerUserId,
  };
  const agreements = {
    partner: {
      notes: "Wins, lessons and needs were read out by the partner.",
      text: worst ? `Answer the need: ${needOn(worst)}` : "Answer what the partner needs",
      owner: vendorSide,
    },
    "pipeline-health": {
      notes: "A third of the open deals has not moved for two months.",
      text: "Close or revive every deal that has not moved for 60 days",
      owner: partnerSide,
    },
    "deal-quality": {
      notes: worst ? `${worst.name} costs most points of the card.` : "Quiet quarter.",
      text: worst ? activityOn(worst) : "Look at the lost deals together",
      owner: vendorSide,
    },
    engagement: {
      notes: "Two people left the sales team; training starts anew.",
      text: `Name who takes part: ${second ? activityOn(second) : "product training"}`,
      owner: partnerSide,
    },
  };
  return (item: AgendaItem) => {
    const dueOn = addDays(heldOn, dueAfter[item.section]);
    if (item.section === "carried-over") {
      const notes = "Not done by its date; it is taken over with a new one.";
      return { notes, action: { ...item.action, dueOn } };
    }
    const { notes, text, owner } = agreements[item.section];
    return { notes, action: { text, owner, dueOn } };
  };
}
