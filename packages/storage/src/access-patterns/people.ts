import { InvitationId, MemberId, PartnerId, PersonId } from "@concord/core/id";
import type { ModeratorProposal } from "@concord/core/member";
import type { Stores } from "./access-patterns.ts";
import { AT, type Exercise, event, exercise, FIRST_PAGE, idOf, NOW } from "./access-patterns.ts";
import { invitation, newMember, newPartnerUser } from "./people-values.ts";
import { partner } from "./scoring-values.ts";

const invite = ({ tenant: { invitations } }: Stores) =>
  invitations.save(invitation(), event("invitation.created"));
const invited = async (stores: Stores) => {
  await stores.tenant.members.add(newMember());
  await stores.tenant.partners.save(partner(), event("partner.created"));
  await invite(stores);
};

const CANDIDATE = idOf(MemberId, 2);
const candidate = () => newMember(2);
const proposal: ModeratorProposal = {
  memberId: CANDIDATE,
  proposedBy: { kind: "member", memberId: idOf(MemberId) },
  status: "open",
  version: 1,
  createdAt: AT,
  updatedAt: AT,
};
const addCandidate = async ({ tenant: { members } }: Stores) => {
  await members.add(newMember());
  await members.add(candidate());
};
const propose = ({ tenant: { members } }: Stores) =>
  members.saveProposal(proposal, event("moderator-proposal.opened"));
const proposed = async (stores: Stores) => {
  await addCandidate(stores);
  await propose(stores);
};

export const peopleExercises: readonly Exercise[] = [
  exercise(
    "AP-240",
    ({ tenant: { members } }) => members.add(newMember()),
    ({ tenant: { people } }) => people.hasWayIn(idOf(PersonId), null),
  ),
  exercise("AP-241", invited, ({ tenant: { invitations } }) => invitations.get(idOf(InvitationId))),
  exercise("AP-242", invited, ({ tenant: { invitations } }) => invitations.list(FIRST_PAGE)),
  exercise("AP-243", invited, ({ tenant: { invitations } }) =>
    invitations.listOf(idOf(PartnerId), FIRST_PAGE),
  ),
  exercise("AP-244", invited, ({ tenant: { invitations } }) => invitations.countPending(NOW, 500)),
  exercise("AP-245", invited, ({ tenant: { invitations } }) =>
    invitations.pendingOf(invitation().email),
  ),
  exercise(
    "AP-246",
    ({ tenant: { partners } }) => partners.save(partner(), event("partner.created")),
    invite,
  ),
  exercise("AP-247", invited, ({ tenant: { invitations } }) =>
    invitations.save(invitation({ status: "revoked", version: 2 }), event("invitation.revoked")),
  ),
  exercise("AP-248", invited, ({ tenant: { invitations } }) =>
    invitations.accept(
      invitation({ status: "accepted", version: 2 }),
      event("invitation.accepted"),
      {
        entry: { kind: "partner-user", ...newPartnerUser() },
        inviter: { id: idOf(MemberId), version: 1 },
      },
    ),
  ),
  exercise("AP-249", proposed, ({ tenant: { members } }) => members.moderatorProposal(CANDIDATE)),
  exercise("AP-250", addCandidate, propose),
  exercise("AP-251", proposed, ({ tenant: { members } }) =>
    members.saveProposal(
      { ...proposal, status: "confirmed", version: 2 },
      event("moderator-proposal.confirmed"),
      {
        next: { ...candidate().member, roles: ["viewer", "moderator"], version: 2 },
        event: event("member.changed"),
        proposer: { memberId: idOf(MemberId), version: 1 },
      },
    ),
  ),
];
