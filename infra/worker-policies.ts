import { allow, onlyPartitions, type Policy, type Statement } from "./tenant-role.ts";

/** Of every tenant: what works by the clock or from a queue serves all of them. */
const ofTenants = (...kinds: readonly string[]): Statement["Condition"] =>
  onlyPartitions(...(kinds.length === 0 ? ["T#*"] : kinds.map((kind) => `T#*#${kind}`)));

const policy = (...statements: readonly Statement[]): Policy => ({
  Version: "2012-10-17",
  Statement: statements,
});

const reading = ["GetItem", "BatchGetItem", "Query"];
/** A condition on another row is part of a transaction. */
const writing = ["PutItem", "ConditionCheckItem"];

/** By which workers list what a tenant has. */
const lists = (tableArn: string): readonly string[] => [`${tableArn}/index/gsi2`];

const setTimers = (tableArn: string): Statement =>
  allow("SetTimers", ["PutItem"], [tableArn], onlyPartitions("SYSTEM#TIMER#*"));

/** A task of the state machine looks at one plan and writes what became of it. */
const planTask =
  (...verbs: readonly string[]) =>
  (tableArn: string) =>
    policy(allow("Plans", verbs, [tableArn], ofTenants("PLAN#*")));

/**
 * What each worker may do with the table, by verbs, indexes and partitions. The local runtime works by the same policies, so that
 * a right that is missing shows there. A worker of all tenants is not held to one at a time, as a request of a tenant is: it is
 * given a batch of several, and the tenant role is for who answers a person.
 */
export const workerPolicies = {
  /** It opens and closes cycles, and takes whole tenants and people away: of tenants it reaches everything. */
  Tick: (tableArn) =>
    policy(
      allow(
        "RowsOfTenants",
        [...reading, ...writing, "UpdateItem", "DeleteItem"],
        [tableArn],
        ofTenants(),
      ),
      allow(
        "ListsOfTenants",
        ["Query"],
        [`${tableArn}/index/gsi1`, ...lists(tableArn)],
        ofTenants(),
      ),
      allow(
        "Timers",
        ["Query", "PutItem", "DeleteItem"],
        [tableArn],
        onlyPartitions("SYSTEM#TIMER#*"),
      ),
      allow("LastTick", ["PutItem"], [tableArn], onlyPartitions("SYSTEM#TICK")),
      allow("Directory", ["DeleteItem"], [tableArn], onlyPartitions("SYSTEM#TENANTS")),
      allow(
        "Erasures",
        ["GetItem", "PutItem", "DeleteItem"],
        [tableArn],
        onlyPartitions("SYSTEM#ERASURE#*"),
      ),
      allow(
        "People",
        ["Query", "PutItem", "DeleteItem"],
        [tableArn],
        onlyPartitions("SYSTEM#PERSON#*"),
      ),
      allow("LoginAddresses", ["DeleteItem"], [tableArn], onlyPartitions("SYSTEM#LOGIN#*")),
      allow(
        "InvitedAddresses",
        ["Query", "DeleteItem"],
        [tableArn],
        onlyPartitions("SYSTEM#INVITED#*"),
      ),
      allow("SecondFactors", ["DeleteItem"], [tableArn], onlyPartitions("SYSTEM#FACTOR#*")),
      allow(
        "SecurityEvents",
        ["Query", "DeleteItem"],
        [tableArn],
        onlyPartitions("SYSTEM#SECURITY#*"),
      ),
    ),
  CycleChunks: (tableArn) =>
    policy(
      allow("Rows", reading, [tableArn], ofTenants()),
      allow("Partners", ["Query"], lists(tableArn), ofTenants("LIST#PARTNER")),
      allow(
        "Reviews",
        writing,
        [tableArn],
        ofTenants("CYCLE#*", "LIVE#*", "PARTNER#*", "REVIEW#*"),
      ),
    ),
  Imports: (tableArn) =>
    policy(
      allow("Rows", reading, [tableArn], ofTenants()),
      allow(
        "Facts",
        ["PutItem", "DeleteItem"],
        [tableArn],
        ofTenants("FACTS#*", "FLAG#*", "IMPORT#*", "LIVE#*", "SOURCE#*"),
      ),
    ),
  QueueJobs: (tableArn) =>
    policy(
      allow("Sources", ["Query"], [tableArn], ofTenants("SOURCE#*")),
      allow("ListOfSources", ["Query"], lists(tableArn), ofTenants("LIST#SOURCE")),
      allow("Jobs", ["PutItem"], [tableArn], ofTenants("IMPORT#*")),
    ),
  ProjectRanking: (tableArn) =>
    policy(
      allow("Rows", reading, [tableArn], ofTenants()),
      allow("Rankings", ["PutItem"], [tableArn], ofTenants("PARTNER#*", "RANKSUM#*")),
      setTimers(tableArn),
    ),
  RecordChanges: (tableArn) =>
    policy(
      allow("Rows", ["GetItem"], [tableArn], ofTenants()),
      allow("Entries", ["PutItem"], [tableArn], ofTenants("AUDIT#*", "PERSONSALT#*")),
      setTimers(tableArn),
    ),
  SendMail: (tableArn) =>
    policy(
      allow("Rows", reading, [tableArn], ofTenants()),
      allow(
        "Recipients",
        ["Query"],
        lists(tableArn),
        ofTenants("LIST#MEMBER", "LIST#PARTNERUSER#*"),
      ),
      allow("SentMails", ["PutItem"], [tableArn], ofTenants("MAIL#*")),
      allow("People", ["Query"], [tableArn], onlyPartitions("SYSTEM#PERSON#*")),
    ),
  StartApproval: planTask("GetItem", "Query"),
  RegisterStep: planTask("GetItem", "PutItem"),
  RemindApprover: planTask("GetItem", "PutItem"),
  /** Who decides instead is looked up. */
  EscalateStep: (tableArn) =>
    policy(
      allow("Plans", ["GetItem", "PutItem"], [tableArn], ofTenants("PLAN#*")),
      allow("Owners", ["GetItem", "BatchGetItem"], [tableArn], ofTenants("PROGRAMS", "ROSTER#*")),
      allow("Members", ["Query"], lists(tableArn), ofTenants("LIST#MEMBER")),
    ),
  ExpirePlan: planTask("GetItem", "PutItem", "DeleteItem"),
  ReconcileApprovals: (tableArn) =>
    policy(
      allow("Plans", ["GetItem", "PutItem"], [tableArn], ofTenants("PLAN#*")),
      allow("WaitingPlans", ["Query"], lists(tableArn), ofTenants("LIST#WAITINGPLAN")),
      allow("Directory", ["Query"], [tableArn], onlyPartitions("SYSTEM#TENANTS")),
    ),
} as const satisfies Record<string, (tableArn: string) => Policy>;

export type WorkerName = keyof typeof workerPolicies;
