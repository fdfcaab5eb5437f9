import { describe, expect, it } from "vitest";
import { fromItem } from "../entity.ts";
import { membershipEntity, personEntity } from "./person-rows.ts";

const PERSON = "per_01JHQ3V5T0000000000000000A";
const HASH = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA";

describe("rows of people as the first release wrote them", () => {
  it("make a person without a password: what an administrator gave opens nothing any more", () => {
    const stored = {
      pk: `SYSTEM#PERSON#${PERSON}`,
      sk: "PERSON",
      entity: "Person",
      schemaVersion: 1,
      personId: PERSON,
      email: "ada@people.test",
      version: 1,
      createdAt: "2027-01-15T12:00:00.000Z",
    };
    expect(fromItem(personEntity, stored)).toEqual({
      personId: PERSON,
      email: "ada@people.test",
      passwordHash: null,
      version: 1,
      createdAt: "2027-01-15T12:00:00.000Z",
    });
  });

  it("keep the way into the tenant, and not the password beside it", () => {
    const stored = {
      pk: `SYSTEM#PERSON#${PERSON}`,
      sk: "MEMBERSHIP#ten_0000000000000000000000ACME#MEMBER",
      entity: "Membership",
      schemaVersion: 1,
      personId: PERSON,
      tenantId: "ten_0000000000000000000000ACME",
      membershipId: "mem_01JHQ3V5T0000000000000000A",
      partnerId: null,
      passwordHash: HASH,
    };
    expect(fromItem(membershipEntity, stored)).toEqual({
      personId: PERSON,
      tenantId: "ten_0000000000000000000000ACME",
      membershipId: "mem_01JHQ3V5T0000000000000000A",
      partnerId: null,
    });
  });
});
