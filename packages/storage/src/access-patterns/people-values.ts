import {
  CycleId,
  InvitationId,
  LoginSessionId,
  MemberId,
  PartnerId,
  PartnerUserId,
  PersonId,
} from "@concord/core/id";
import type { RecordedAnswer } from "@concord/core/idempotency";
import type { Invitation } from "@concord/core/invitation";
import type { LoginSession } from "@concord/core/login";
import type { NewMember, NewPartnerUser } from "@concord/core/member";
import type { Tenant } from "@concord/core/tenant";
import type { SetTimer } from "@concord/core/timer";
import { AT, event, idOf, LATER, NOW, TENANT } from "./access-patterns.ts";

/** Rows as small as real ones are, each with the few values that an exercise changes. */
const stamps = { createdAt: AT, updatedAt: AT };

export const tenant = (changes: Partial<Tenant> = {}): Tenant => ({
  tenantId: TENANT,
  name: "Northwind",
  timeZone: "America/Chicago",
  fiscalYearStartMonth: 1,
  currency: "USD",
  version: 1,
  ...stamps,
  ...changes,
});

export const newMember = (number = 1, isKnown = false): NewMember => {
  const [memberId, personId] = [idOf(MemberId, number), idOf(PersonId, number)];
  const email = `ada.${number}@northwind.example`;
  return {
    member: {
      memberId,
      personId,
      displayName: `Ada ${number}`,
      duties: [],
      email,
      roles: ["owner"],
      status: "active",
      version: 1,
      ...stamps,
    },
    event: event("member.added"),
    membership: { personId, membershipId: memberId, partnerId: null },
    newPerson: isKnown ? undefined : newPerson(personId, email),
  };
};

const newPerson = (personId: PersonId, email: string) => ({
  personId,
  email,
  passwordHash: "$argon2id$…",
  version: 1,
  createdAt: AT,
});

export const newPartnerUser = (number = 1): NewPartnerUser => {
  const [partnerUserId, personId] = [idOf(PartnerUserId, number), idOf(PersonId, 100 + number)];
  const email = `grace.${number}@partner.example`;
  const partnerId = idOf(PartnerId);
  return {
    partnerUser: {
      partnerUserId,
      partnerId,
      personId,
      displayName: `Grace ${number}`,
      duties: [],
      email,
      roles: ["partner-exec"],
      status: "active",
      version: 1,
      ...stamps,
    },
    event: event("partner-user.added"),
    membership: { personId, membershipId: partnerUserId, partnerId },
    newPerson: newPerson(personId, email),
  };
};

export const loginSession = (): LoginSession => ({
  sessionId: idOf(LoginSessionId),
  membershipId: idOf(MemberId),
  personId: idOf(PersonId),
  method: "password",
  client: "Firefox 142 on Windows",
  createdAt: AT,
  lastUsedAt: AT,
  endsAt: LATER,
  expiresAt: LATER,
  generation: 0,
  refreshHash: "h".repeat(43),
  secondFactor: "absent",
});

export const recordedAnswer = (): RecordedAnswer => ({
  keyHash: "hash",
  requestDigest: "digest",
  status: 201,
  body: "{}",
  recordedAt: NOW.getTime() / 1000,
  expiresAt: LATER,
});

export const timer = (changes: Partial<SetTimer> = {}): SetTimer => ({
  tenantId: TENANT,
  kind: "cycle-work",
  subject: idOf(CycleId),
  dueAt: AT,
  ...changes,
});

export const invitation = (changes: Partial<Invitation> = {}): Invitation => ({
  invitationId: idOf(InvitationId),
  personId: idOf(PersonId, 100),
  email: "grace.1@partner.example",
  to: { kind: "partner-user", partnerId: idOf(PartnerId), roles: ["partner-exec"] },
  invitedBy: { kind: "member", memberId: idOf(MemberId) },
  status: "pending",
  generation: 1,
  tokenHash: "0".repeat(43),
  sentAt: AT,
  validUntil: "2027-01-22T12:00:00.000Z",
  membershipId: null,
  version: 1,
  createdAt: AT,
  updatedAt: AT,
  ...changes,
});
