import { ACME, GLOBEX, isAllowed } from "@concord/local/testing";
import { describe, expect, it } from "vitest";
import { type Statement, tenantPolicy, untenantedPolicy } from "../../infra/tenant-role.ts";

const TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/concord";

const statement = (Condition: Statement["Condition"]) =>
  ({
    Version: "2012-10-17",
    Statement: [{ Sid: "S", Effect: "Allow", Action: ["a:Do"], Resource: ["r"], Condition }],
  }) as const;

describe("the evaluator of policies", () => {
  const asked = (
    Condition: Statement["Condition"],
    keys: readonly string[] | undefined,
    tags = {},
  ) =>
    isAllowed(statement(Condition), {
      action: "a:Do",
      resource: "r",
      context: keys ? { k: keys } : {},
      principalTags: tags,
    });

  it.each([
    { name: "every value of several", pattern: "a*", keys: ["ab", "a"], is: true },
    { name: "one value that does not match", pattern: "a*", keys: ["ab", "b"], is: false },
    { name: "one character for ?", pattern: "a?c", keys: ["abc"], is: true },
    { name: "no character for ?", pattern: "a?c", keys: ["ac"], is: false },
    { name: "a dot as itself", pattern: "a.c", keys: ["abc"], is: false },
    { name: "no match in the middle", pattern: "b", keys: ["abc"], is: false },
    { name: "no values at all, as IAM does", pattern: "a*", keys: undefined, is: true },
  ])("ForAllValues:StringLike takes $name: $is", ({ pattern, keys, is }) => {
    expect(asked({ "ForAllValues:StringLike": { k: [pattern] } }, keys)).toBe(is);
  });

  it("Null false wants a value, Null true wants none", () => {
    expect(asked({ Null: { k: "false" } }, ["v"])).toBe(true);
    expect(asked({ Null: { k: "false" } }, undefined)).toBe(false);
    expect(asked({ Null: { k: "false" } }, [])).toBe(false);
    expect(asked({ Null: { k: "true" } }, undefined)).toBe(true);
    expect(asked({ Null: { k: "true" } }, ["v"])).toBe(false);
  });

  it("puts tags in as text, and matches nothing without the tag", () => {
    const condition = { StringLike: { k: [`T#\${aws:PrincipalTag/tenantId}#*`] } };
    expect(asked(condition, ["T#one#x"], { tenantId: "one" })).toBe(true);
    expect(asked(condition, ["T#two#x"], { tenantId: "one" })).toBe(false);
    expect(asked(condition, ["T#two#x"], { tenantId: "*" })).toBe(false);
    expect(asked(condition, ["T##x"])).toBe(false);
  });

  it("needs every condition, the action and the resource", () => {
    const both = { StringLike: { k: ["a"] }, Null: { other: "false" } };
    expect(asked(both, ["a"])).toBe(false);
    const open = statement({});
    const request = { action: "a:Do", resource: "r", context: {}, principalTags: {} };
    expect(isAllowed(open, request)).toBe(true);
    expect(isAllowed(open, { ...request, action: "a:Other" })).toBe(false);
    expect(isAllowed(open, { ...request, resource: "r/x" })).toBe(false);
  });

  it("judges nothing that it does not know", () => {
    expect(() => asked({ StringNotLike: { k: "a" } }, ["a"])).toThrow("not known");
    expect(() => asked({ StringLike: { k: `\${aws:username}` } }, ["a"])).toThrow("not known");
  });
});

describe("the policy of a tenant's session", () => {
  const may = (verb: string, keys: readonly string[], resource = TABLE, tenantId: string = ACME) =>
    isAllowed(tenantPolicy(TABLE), {
      action: `dynamodb:${verb}`,
      resource,
      context: { "dynamodb:LeadingKeys": keys },
      principalTags: { tenantId },
    });
  const own = `T#${ACME}#PARTNER#1`;
  const foreign = `T#${GLOBEX}#PARTNER#1`;
  const rowVerbs = [
    "GetItem",
    "BatchGetItem",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "ConditionCheckItem",
  ];

  it.each([...rowVerbs, "Query"])("allows %s on its own rows, and on no other's", (verb) => {
    expect(may(verb, [own])).toBe(true);
    expect(may(verb, [foreign])).toBe(false);
    expect(may(verb, [own, foreign])).toBe(false);
    expect(may(verb, [])).toBe(false);
    expect(may(verb, [`T#${ACME}0#PARTNER#1`])).toBe(false);
    expect(may(verb, [own], `${TABLE}-of-another`)).toBe(false);
  });

  it("allows lists of an index, and no write there", () => {
    expect(may("Query", [own], `${TABLE}/index/gsi1`)).toBe(true);
    expect(may("Query", [foreign], `${TABLE}/index/gsi1`)).toBe(false);
    expect(may("GetItem", [own], `${TABLE}/index/gsi1`)).toBe(false);
  });

  it.each(["Scan", "PartiQLSelect", "BatchWriteItem", "DeleteTable", "ExportTableToPointInTime"])(
    "knows no %s",
    (verb) => {
      expect(may(verb, [own])).toBe(false);
      expect(may(verb, [])).toBe(false);
    },
  );

  it.each([
    { pk: "SYSTEM#PERSON#per_1", verbs: ["PutItem", "DeleteItem", "ConditionCheckItem"] },
    { pk: "SYSTEM#LOGIN#hash", verbs: ["GetItem", "PutItem"] },
    { pk: "SYSTEM#TENANTS", verbs: ["GetItem", "PutItem"] },
    { pk: "SYSTEM#TIMER#03", verbs: ["PutItem", "DeleteItem"] },
    { pk: "SYSTEM#SIGNING-KEYS", verbs: [] },
    { pk: "SYSTEM#TICK", verbs: [] },
    { pk: "SYSTEM#ANYTHING-NEW", verbs: [] },
  ])("allows $verbs in $pk", ({ pk, verbs }) => {
    expect([...rowVerbs, "Query"].filter((verb) => may(verb, [pk]))).toEqual(verbs);
  });

  it("is worth nothing to a session without the tag", () => {
    const request = { action: "dynamodb:GetItem", resource: TABLE, principalTags: {} };
    const context = { "dynamodb:LeadingKeys": ["T##PARTNER#1"] };
    expect(isAllowed(tenantPolicy(TABLE), { ...request, context })).toBe(false);
  });

  it("is needed for any tenant's row: without a session the API reads keys and probes alone", () => {
    const reads = (verb: string, pk: string) =>
      isAllowed(untenantedPolicy(TABLE), {
        action: `dynamodb:${verb}`,
        resource: TABLE,
        context: { "dynamodb:LeadingKeys": [pk] },
        principalTags: {},
      });
    expect(reads("GetItem", "SYSTEM#SIGNING-KEYS")).toBe(true);
    expect(reads("PutItem", "SYSTEM#SIGNING-KEYS")).toBe(false);
    expect(reads("GetItem", own)).toBe(false);
    expect(reads("Query", "SYSTEM#PERSON#per_1")).toBe(false);
  });
});
