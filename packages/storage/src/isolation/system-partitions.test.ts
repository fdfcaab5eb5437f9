import { TenantId } from "@concord/core/id";
import { describe, expect, it } from "vitest";
import { mayTouchSystem, type Verb } from "./system-partitions.ts";

const ACME = TenantId.parse(`ten_${"0".repeat(25)}1`);
const GLOBEX = TenantId.parse(`ten_${"0".repeat(25)}2`);
const verbs: readonly Verb[] = ["get", "query", "put", "update", "remove", "check"];
const PERSON = "SYSTEM#PERSON#per_1";

describe("what a tenant's request may do in partitions of no tenant", () => {
  it.each([
    ["SYSTEM#LOGIN#hash", "LOGIN", ["get", "put"]],
    [PERSON, "PERSON", ["put", "check"]],
    [PERSON, `MEMBERSHIP#${ACME}#mem_1`, ["put", "remove", "check"]],
    [PERSON, `MEMBERSHIP#${GLOBEX}#mem_1`, []],
    [PERSON, `SESSION#${ACME}`, []],
    [PERSON, "PASSWORD", []],
    [PERSON, undefined, []],
    ["SYSTEM#INVITED#hash", `INVITED#${ACME}#inv_1`, ["put", "remove"]],
    ["SYSTEM#INVITED#hash", `INVITED#${GLOBEX}#inv_1`, []],
    ["SYSTEM#INVITED#hash", `${GLOBEX}#INVITED#${ACME}`, []],
    ["SYSTEM#TENANTS", `TENANT#${ACME}`, ["get", "put"]],
    ["SYSTEM#TENANTS", `TENANT#${GLOBEX}`, []],
    ["SYSTEM#TENANTS#MORE", `TENANT#${ACME}`, []],
    ["SYSTEM#TIMER#03", `2027-01-15T12#cycle-open#${ACME}#s`, ["put", "remove"]],
    ["SYSTEM#TIMER#03", `2027-01-15T12#cycle-open#${GLOBEX}#${ACME}`, []],
    ["SYSTEM#SIGNING-KEYS", "PUBLIC", []],
    ["SYSTEM#ERASURE#1", `TENANT#${ACME}`, []],
    [`T#${GLOBEX}#PARTNER#1`, `TENANT#${ACME}`, []],
    ["", "", []],
  ] as const)("of %s, row %s: %j", (pk, sk, allowed) => {
    const may = verbs.filter((verb) => mayTouchSystem(verb, { pk, sk }, ACME));
    expect(may).toEqual(allowed);
  });
});
