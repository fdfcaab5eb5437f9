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
export const onlyPartitions = (...patterns: readonly string[]): Statement["Condition"] => ({
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": patterns },
  Null: { "dynamodb:LeadingKeys": "false" },
});

export const allow = (
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
      allow(
        "InvitedAddresses",
        ["PutItem", "DeleteItem"],
        table,
        onlyPartitions("SYSTEM#INVITED#*"),
      ),
      allow("DirectoryEntry", ["GetItem", "PutItem"], table, onlyPartitions("SYSTEM#TENANTS")),
      allow("Timers", ["PutItem", "DeleteItem"], table, onlyPartitions("SYSTEM#TIMER#*")),
    ],
  };
}

/**
 * What the app function does before it knows whose request it serves: it reads the keys that verify
 * tokens, and the last tick. Nothing else of the table is its own.
 */
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

/**
 * What the account function does outside of any tenant: people, their log-ins and links, what their
 * erasure takes away and when it is gone on with, and the keys it publishes.
 */
export const accountPolicy = (tableArn: string): Policy => ({
  Version: "2012-10-17",
  Statement: [
    allow("Keys", ["GetItem", "PutItem"], [tableArn], onlyPartitions("SYSTEM#SIGNING-KEYS")),
    allow(
      "LoginAddresses",
      ["GetItem", "DeleteItem"],
      [tableArn],
      onlyPartitions("SYSTEM#LOGIN#*"),
    ),
    allow(
      "People",
      ["Query", "PutItem", "DeleteItem"],
      [tableArn],
      onlyPartitions("SYSTEM#PERSON#*"),
    ),
    allow("InvitedAddresses", ["Query"], [tableArn], onlyPartitions("SYSTEM#INVITED#*")),
    allow("Timers", ["PutItem"], [tableArn], onlyPartitions("SYSTEM#TIMER#*")),
    allow("Guesses", ["UpdateItem"], [tableArn], onlyPartitions("SYSTEM#GUESS#*")),
    allow(
      "LoginLinks",
      ["GetItem", "PutItem", "UpdateItem"],
      [tableArn],
      onlyPartitions("SYSTEM#LOGINLINK#*"),
    ),
    allow(
      "SecondFactors",
      ["GetItem", "PutItem", "DeleteItem"],
      [tableArn],
      onlyPartitions("SYSTEM#FACTOR#*", "SYSTEM#CHALLENGE#*"),
    ),
    allow(
      "SecurityEvents",
      ["Query", "PutItem", "DeleteItem"],
      [tableArn],
      onlyPartitions("SYSTEM#SECURITY#*"),
    ),
    allow("TenantNames", ["BatchGetItem"], [tableArn], onlyPartitions("SYSTEM#TENANTS")),
  ],
});

interface TrustStatement {
  readonly Effect: "Allow";
  readonly Principal: { readonly AWS: readonly string[] };
  readonly Action: readonly string[];
  readonly Condition: Statement["Condition"];
}

/**
 * Who may take the tenant role on: these roles, with one tenant in the tag and nothing else in the
 * tags; no session that comes after it can change whose it is.
 */
export const tenantTrust = (
  roleArns: readonly string[],
): { readonly Version: "2012-10-17"; readonly Statement: readonly TrustStatement[] } => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: roleArns },
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Condition: {
        StringLike: { [`aws:RequestTag/${TENANT_TAG}`]: "ten_*" },
        "ForAllValues:StringEquals": { "aws:TagKeys": [TENANT_TAG] },
        "ForAnyValue:StringEquals": { "sts:TransitiveTagKeys": [TENANT_TAG] },
      },
    },
  ],
});

/** The longest that AWS gives to a role that itself assumes one. */
export const TENANT_SESSION_SECONDS = 3_600;

/** Where each tenant's requests have credentials of their own: always with real data, elsewhere when asked for. */
export const hasTenantRole = (stage: string, isAskedFor: boolean): boolean =>
  stage === "production" || stage === "staging" || isAskedFor;
