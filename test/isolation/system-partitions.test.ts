import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  accountPolicy,
  type Policy,
  TENANT_TAG,
  tenantPolicy,
  untenantedPolicy,
} from "../../infra/tenant-role.ts";
import {
  systemPartitions,
  type Verb,
} from "../../packages/storage/src/isolation/system-partitions.ts";

const actionOf: Readonly<Record<Verb, string>> = {
  get: "dynamodb:GetItem",
  query: "dynamodb:Query",
  put: "dynamodb:PutItem",
  update: "dynamodb:UpdateItem",
  remove: "dynamodb:DeleteItem",
  check: "dynamodb:ConditionCheckItem",
};
const OWN = `T#\${aws:PrincipalTag/${TENANT_TAG}}#*`;

type Grants = readonly string[];

/** Each partition with each verb: `SYSTEM#TIMER#* dynamodb:PutItem`. */
const ofGuard = (listed: typeof systemPartitions): Grants =>
  listed
    .flatMap(({ pk, verbs }) =>
      (Object.keys(verbs) as Verb[]).map(
        (verb) => `${pk.endsWith("#") ? `${pk}*` : pk} ${actionOf[verb]}`,
      ),
    )
    .sort();

const ofPolicy = ({ Statement }: Policy): Grants =>
  Statement.flatMap(({ Action, Condition }) =>
    [Condition["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"] ?? "everything"]
      .flat()
      .filter((pattern) => pattern !== OWN)
      .flatMap((pattern) => Action.map((action) => `${pattern} ${action}`)),
  ).sort();

/** What the keys of no tenant spell, as patterns. */
const spelled = new Set(
  [
    ...readFileSync(
      new URL("../../packages/storage/src/keys/system-keys.ts", import.meta.url),
      "utf8",
    ).matchAll(/SYSTEM#[A-Z-]+#?/g),
  ].map(([text]) => (text.endsWith("#") ? `${text}*` : text)),
);
const partitionsOf = (grants: Grants) => new Set(grants.map((one) => one.split(" ")[0] ?? ""));

/** Partitions that no tenant's request and neither function of the API meets, each with whose they are. */
const ofWorkersAlone = {
  "SYSTEM#ERASURE#*": "the tick, which erases a tenant that has left",
};

describe("the partitions of no tenant", () => {
  it("are the same, verb by verb, to the guard and to the policy of a tenant's session", () => {
    const guard = ofGuard(systemPartitions);
    expect(guard.length).toBeGreaterThan(5);
    expect(ofPolicy(tenantPolicy("arn"))).toEqual(guard);
  });

  it("are those that keys are spelled for, and each of these is somebody's", () => {
    const granted = new Set(
      [tenantPolicy, untenantedPolicy, accountPolicy].flatMap((policyOf) => [
        ...partitionsOf(ofPolicy(policyOf("arn"))),
      ]),
    );
    expect(spelled.size).toBeGreaterThan(5);
    expect([...granted, ...Object.keys(ofWorkersAlone)].sort()).toEqual([...spelled].sort());
  });

  it("and a line on one side alone would show", () => {
    const guard = ofGuard(systemPartitions);
    const more = { pk: "SYSTEM#NEW#", verbs: { get: () => true } };
    expect(ofGuard([...systemPartitions, more])).not.toEqual(guard);
    const [, ...fewer] = systemPartitions;
    expect(ofGuard(fewer)).not.toEqual(guard);
    const { Statement, Version } = tenantPolicy("arn");
    const wider = Statement.map((one) =>
      one.Sid === "WaysIntoTheTenant" ? { ...one, Action: [...one.Action, "dynamodb:Query"] } : one,
    );
    expect(ofPolicy({ Version, Statement: wider })).not.toEqual(guard);
    const unbound = Statement.map((one) => ({ ...one, Condition: {} }));
    expect(ofPolicy({ Version, Statement: unbound })).not.toEqual(guard);
  });
});
