/** A statement of an IAM policy, in the words that IAM reads. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** The tag of a session that says whose it is. */
export const TENANT_TAG = "tenantId";

/**
 * Every partition that a request names must be one of these. `ForAllValues` holds where a request names
 * none, such as a Scan; the guard `Null` refuses that.
 */
const onlyPartitions = (...patterns: readonly string[]): Statement["Condition"] => ({
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": patterns },
  Null: { "dynamodb:LeadingKeys": "false" },
});

const allow = (
  Sid: string,
  verbs: readonly string[],
  Resource: readonly string[],
  Condition: Statement["Condition"],
): Statement => ({
  Sid,
  Effect: "Allow",
  Action: verbs.map((verb) => `dynamodb:${verb}`),
  Resource,
  Condition,
});

/**
 * What a session of one tenant may do with the table: its own partitions, and of the partitions of no
 * tenant what its own transactions touch. Sort keys and index keys of what is written are beyond IAM.
 */
export function tenantPolicy(tableArn: string): Policy {
  const own = onlyPartitions(`T#\${aws:PrincipalTag/${TENANT_TAG}}#*`);
  const table = [tableArn];
  return {
    Version: "2012-10-17",
    Statement: [
      allow(
        "OwnRows",
        ["GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"],
        table,
        own,
      ),
      allow("OwnLists", ["Query"], [tableArn, `${tableArn}/index/*`], own),
      allow("LoginAddresses", ["GetItem", "PutItem"], table, onlyPartitions("SYSTEM#LOGIN#*")),
      allow(
        "WaysIntoTheTenant",
        ["PutItem", "DeleteItem", "ConditionCheckItem"],
        table,
        onlyPartitions("SYSTEM#PERSON#*"),
      ),
      allow("DirectoryEntry", ["GetItem", "PutItem"], table, onlyPartitions("SYSTEM#TENANTS")),
      allow("Timers", ["PutItem", "DeleteItem"], table, onlyPartitions("SYSTEM#TIMER#*")),
    ],
  };
}

/** What the API does before it knows whose request it serves: it reads the keys that verify tokens, and the last tick. */
export const untenantedPolicy = (tableArn: string): Policy => ({
  Version: "2012-10-17",
  Statement: [
    allow(
      "KeysAndProbes",
      ["GetItem"],
      [tableArn],
      onlyPartitions("SYSTEM#SIGNING-KEYS", "SYSTEM#TICK"),
    ),
  ],
});
