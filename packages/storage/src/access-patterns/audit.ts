import type { AuditEntry, AuditHead, AuditLink } from "@concord/core/audit";
import { MemberId } from "@concord/core/id";
import type { Stores } from "./access-patterns.ts";
import { AT, drain, type Exercise, event, exercise, FIRST_PAGE, idOf } from "./access-patterns.ts";
import { newMember, tenant } from "./people-values.ts";

const DIGEST = "0".repeat(43);
const DAY = "2027-01-15";
const memberId = idOf(MemberId);
const object = { type: "Member", id: memberId };
const partition = `MEMBERSHIP#${memberId}`;
const entry: AuditEntry = {
  key: `${AT}|Member|${memberId}|00000001`,
  day: DAY,
  at: AT,
  type: "member.added",
  by: { kind: "member", memberId },
  object: { ...object, version: 1 },
  requestId: "00000000-0000-4000-8000-000000000000",
  before: DIGEST,
  after: DIGEST,
  eventDigest: DIGEST,
  commitment: DIGEST,
  holder: idOf(MemberId),
  row: { partition },
};
const link: AuditLink = { number: 1, day: DAY, linkedAt: AT, previous: DIGEST, head: DIGEST };
const segment = { number: 1, day: DAY, entries: [{ key: entry.key, digest: DIGEST }] };
const head: AuditHead = {
  number: 1,
  previousNumber: 0,
  head: DIGEST,
  signedAt: AT,
  keyId: "0123456789abcdef",
  signature: "x".repeat(86),
};
const salt = { holder: idOf(MemberId), salt: "x".repeat(43) };

const nothing = async () => undefined;
const addEntry = ({ tenant: { audit } }: Stores) => audit.addEntry(entry);
const append = ({ tenant: { audit } }: Stores) => audit.append(link, segment);
const saveHead = ({ tenant: { audit } }: Stores) => audit.saveHead(head);
const addSalt = ({ tenant: { audit } }: Stores) => audit.addSalt(salt);
const addMember = ({ tenant: { members } }: Stores) => members.add(newMember());

export const auditExercises: readonly Exercise[] = [
  exercise("AP-270", nothing, addEntry),
  exercise("AP-271", addEntry, ({ tenant: { audit } }) => audit.listDay(DAY, FIRST_PAGE)),
  exercise("AP-272", addEntry, ({ tenant: { audit } }) =>
    audit.listOfObject(object, { from: DAY, to: DAY }, FIRST_PAGE),
  ),
  exercise("AP-273", addEntry, ({ tenant: { audit } }) =>
    audit.listOfActor(memberId, { from: DAY, to: DAY }, FIRST_PAGE),
  ),
  exercise("AP-274", addEntry, ({ tenant: { audit } }) => drain(audit.everyEntry(DAY))),
  exercise("AP-275", append, ({ tenant: { audit } }) => drain(audit.segments(DAY))),
  exercise("AP-276", append, ({ tenant: { audit } }) => audit.segment(link)),
  exercise("AP-277", append, ({ tenant: { audit } }) => audit.lastLink()),
  exercise("AP-278", append, ({ tenant: { audit } }) => drain(audit.links())),
  exercise("AP-279", nothing, append),
  exercise("AP-280", saveHead, ({ tenant: { audit } }) => audit.lastHead()),
  exercise("AP-281", saveHead, ({ tenant: { audit } }) => audit.listHeads(FIRST_PAGE)),
  exercise("AP-282", saveHead, ({ tenant: { audit } }) => drain(audit.everyHead())),
  exercise("AP-283", nothing, saveHead),
  exercise("AP-284", addSalt, ({ tenant: { audit } }) => audit.salt(salt.holder)),
  exercise("AP-285", nothing, addSalt),
  exercise("AP-286", addSalt, ({ tenant: { audit } }) => audit.erasePersonal(salt.holder)),
  exercise("AP-287", addMember, ({ tenant: { audit } }) =>
    audit.stateDigestAt(partition, entry.object),
  ),
  exercise("AP-288", addMember, ({ tenant: { audit } }) => audit.eventsOf([entry])),
  exercise("AP-289", addMember, ({ tenant: { audit } }) => drain(audit.trail(partition, object))),
  exercise(
    "AP-290",
    ({ tenant: { tenant: own } }) => own.create(tenant(), event("tenant.created"), newMember()),
    ({ tenant: { audit } }) => drain(audit.everyState()),
  ),
];
