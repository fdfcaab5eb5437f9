import type { MemberActor, PartnerActor, SystemActor } from "../actor/index.ts";
import {
  CycleId,
  MemberId,
  mintIds,
  PartnerId,
  PartnerUserId,
  PersonId,
  ProgramId,
} from "../id/index.ts";
import { openReview } from "./review.ts";
import type { OpenReview, PlannedSession, Session } from "./schema.ts";
import { closeSession, planSession, updateAgendaItem } from "./session.ts";

const id = (prefix: string, name = "A") => `${prefix}_${name.padStart(26, "0")}`;
export const NOW = new Date("2027-01-15T12:00:00.000Z");
export const PARTNER_ID = PartnerId.parse(id("ptr"));
export const CYCLE_ID = CycleId.parse(id("cyc"));

export const manager: MemberActor = {
  kind: "member",
  personId: PersonId.parse(id("per")),
  memberId: MemberId.parse(id("mem")),
  roles: ["partner-manager"],
};
export const exec: PartnerActor = {
  kind: "partner-user",
  personId: PersonId.parse(id("per", "B")),
  partnerUserId: PartnerUserId.parse(id("pus")),
  partnerId: PARTNER_ID,
  roles: ["partner-exec"],
};
export const schedule: SystemActor = { kind: "system", name: "schedule" };
export const owner = { kind: "member", memberId: manager.memberId } as const;

let entropy = 1;
export const mint = mintIds(
  () => NOW.getTime(),
  () => {
    entropy = (entropy * 48_271) % 2_147_483_647;
    return entropy / 2_147_483_647;
  },
);

export const open = (): OpenReview =>
  openReview(
    {
      cycleId: CYCLE_ID,
      programId: ProgramId.parse(id("pgm")),
      programVersion: 1,
      period: "2026-Q4",
      freezesAt: "2027-01-08T12:00:00.000Z",
      closesAt: "2027-01-29T12:00:00.000Z",
    },
    { partnerId: PARTNER_ID, name: "Northwind" },
    NOW,
  );

export const planned = (): PlannedSession =>
  planSession(open(), "2027-01-20", [], mint, manager, NOW).next;

/** The session with an owner and a date for each of its agenda items. */
export const agreed = (session: Session = planned()): PlannedSession =>
  session.agenda.reduce<Session>((current, { agendaItemId, title }) => {
    const action = { text: `Do: ${title}`, owner, dueOn: "2027-02-28" };
    return updateAgendaItem(current, agendaItemId, { action }, manager, NOW).next;
  }, session) as PlannedSession;

export const closed = () => closeSession(agreed(), [], mint, manager, NOW);
