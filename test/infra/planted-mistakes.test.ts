import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { graphOf, root } from "./rules/graph.ts";
import { rules } from "./rules/index.ts";
import {
  change,
  copy,
  first,
  grant,
  inText,
  machine,
  mapping,
  type Plant,
  remove,
  target,
} from "./rules/plant.ts";

/** The function's bundle with a text added to it. */
const bundleOf =
  (name: string, text: string): Plant =>
  (graph) => {
    const build = graph.builds.find((each) => each.function === name);
    if (!build) return;
    const bundle = join(root, `.sst/synth/${name}-with-more.mjs`);
    writeFileSync(bundle, `${readFileSync(build.bundle, "utf8")}\n// ${text}\n`);
    Object.assign(build, { bundle });
  };

/** What the reader of the change feed hands on, and where. */
const routes = (apply: (all: Record<string, unknown>[]) => void): Plant =>
  change("function:Function", /^TableSubscriberHandOnChanges/, (inputs) => {
    const { variables } = inputs["environment"] as { variables: Record<string, string> };
    const all = JSON.parse(variables["CHANGE_ROUTES"] ?? "");
    apply(all);
    variables["CHANGE_ROUTES"] = JSON.stringify(all);
  });

const POLICIES = "inlinePolicies";

/** A text in a policy, which is text in itself. */
const inPolicy =
  (role: RegExp) =>
  (field: string, from: string | RegExp, to: string): Plant =>
  (graph) => {
    const { inputs } = first(graph, ":Role", role);
    const apply = (text: unknown): string => {
      const after = String(text).replace(from, () => to);
      JSON.parse(after);
      return after;
    };
    const before = JSON.stringify(inputs[field]);
    inputs[field] =
      typeof inputs[field] === "string"
        ? apply(inputs[field])
        : (inputs[field] as { policy: string }[]).map((one) => ({
            ...one,
            policy: apply(one.policy),
          }));
    if (JSON.stringify(inputs[field]) === before) throw new Error(`${from} is not in ${before}`);
  };
const tenantRole = inPolicy(/^TenantRole$/);
const functionRole = (from: string | RegExp, to: string) =>
  inPolicy(/^HttpAppRole$/)(POLICIES, from, to);

const worker = (name: string, from: string, to: string) =>
  inText(":Role", new RegExp(`^${name}(Handler|Subscriber\\w+Function)?Role$`), POLICIES, from, to);

/** Rules of what the stage `test` has not asked for. */
const ofProduction: readonly string[] = [
  "backupsAreKept",
  "tenantRoleIsThere",
  "tenantRoleIsForItsFunctions",
  "tenantSessionsReachOneTenant",
  "openersReachTenantsByTheRole",
];

/** Rules of what one stage alone has. */
const ofStaging: readonly string[] = ["domainIsTheOnlyAddress", "addressesAreTheDomain"];

const keyPolicy = (from: string, to: string) => inText(":Key", /^Secrets$/, "policy", from, to);

const mistakes: Record<keyof typeof rules, Record<string, Plant>> = {
  accessIsNarrow: {
    "every action on the table": grant("dynamodb:GetItem", "dynamodb:*"),
    Scan: grant("dynamodb:Query", "dynamodb:Scan"),
    "every table": grant("table/concord-test-TableTable", "table/*"),
    "every object of the bucket": grant("/imports/*", "/*"),
    "no statement of what is reached": grant('imports/*\\"]', 'imports/*\\"],\\"Resource\\":[]'),
  },
  managedPoliciesAreKnown: {
    "an administrator": change(":Role", /^HttpAppRole$/, (inputs) => {
      inputs["managedPolicyArns"] = ["arn:aws:iam::aws:policy/AdministratorAccess"];
    }),
  },
  tableVerbsAreUsed: {
    "a verb that nobody uses": grant("dynamodb:GetItem", "dynamodb:DescribeTable"),
    "no right to read lists": (graph) => {
      const text = JSON.stringify(graph).replaceAll(
        '\\"dynamodb:Query\\"',
        '\\"dynamodb:GetItem\\"',
      );
      Object.assign(graph, JSON.parse(text));
    },
  },
  oneWayIn: {
    "a second route": copy(":Route", /./, (inputs) => {
      inputs["routeKey"] = "GET /internal";
    }),
    "a function with a URL": copy(":Route", /./, (_, twin) => {
      twin.type = "aws:lambda/functionUrl:FunctionUrl";
    }),
    "any API may invoke the function": change("permission:Permission", /./, (inputs) => {
      delete inputs["sourceArn"];
    }),
    "the world may invoke the function": change("permission:Permission", /./, (inputs) => {
      inputs["principal"] = "*";
    }),
    "the route leads to another function": change(":Integration", /./, (inputs) => {
      inputs["integrationUri"] = String(inputs["integrationUri"]).replace(/HttpA\w+/, "ExpirePlan");
    }),
    "an address of the account that nobody serves": remove(":Route", /./),
  },
  secretsAreWhereTheyAreNeeded: {
    "a key that signs beside every other route": change(
      "function:Function",
      /^HttpApp/,
      (inputs) => {
        Object.assign((inputs["environment"] as { variables: object }).variables, {
          SIGNING_KEYS: "{}",
        });
      },
    ),
    "no secret for one-time tokens": change("function:Function", /^HttpAccount/, (inputs) => {
      inputs["environment"] = { variables: { SIGNING_KEYS: "{}" } };
    }),
  },
  nothingIsPublic: {
    "a bucket without a block": remove(":BucketPublicAccessBlock", /./),
    "public objects": change(":BucketPublicAccessBlock", /./, (inputs) => {
      inputs["blockPublicPolicy"] = false;
    }),
    "a queue that every bucket of the world may fill": inText(
      ":QueuePolicy",
      /./,
      "policy",
      "Condition",
      "Comment",
    ),
  },
  tableIsTheDefinition: {
    "no expiry": change(":Table", /./, (inputs) => {
      delete inputs["ttl"];
    }),
    "expiry by another attribute": change(":Table", /./, (inputs) => {
      inputs["ttl"] = { attributeName: "ttl", enabled: true };
    }),
    "an index that is missing": change(":Table", /./, (inputs) => {
      (inputs["globalSecondaryIndexes"] as unknown[]).pop();
    }),
    "only new images in the stream": change(":Table", /./, (inputs) => {
      inputs["streamViewType"] = "NEW_IMAGE";
    }),
    "keys the wrong way round": change(":Table", /./, (inputs) => {
      Object.assign(inputs, { hashKey: "sk", rangeKey: "pk" });
    }),
  },
  dataIsKept: {
    "no way back in time": change(":Table", /./, (inputs) => {
      inputs["pointInTimeRecovery"] = { enabled: false };
    }),
    "a production that is removed with its stack": (graph) => {
      graph.app.stage = "production";
    },
    "a table that outlives a test": change(":Table", /./, (_, table) => {
      table.retainOnDelete = true;
    }),
  },
  uploadsAreFound: {
    "listening in another folder": change(":BucketNotification", /./, (inputs) => {
      inputs["queues"] = [{ filterPrefix: "uploads/", events: ["s3:ObjectCreated:*"] }];
    }),
    "signing into another folder": grant("/imports/*", "/other/*"),
    "uploads for ever": remove(":BucketLifecycleConfiguration", /./),
    "uploads for a year": inText(":BucketLifecycleConfiguration", /./, "rules", "30", "365"),
    "exports for a month": inText(":BucketLifecycleConfiguration", /./, "rules", "7", "31"),
  },
  graphIsComplete: {
    "a value that nobody provided": inText(
      ":Role",
      /^TickRole$/,
      "inlinePolicies",
      "TickDead",
      "undefined",
    ),
    "an error while running": (graph) => {
      graph.errors.push("stopped");
    },
  },
  queuesAreSafe: {
    "no dead-letter queue": change("queue:Queue", /^CycleChunksQueue$/, (inputs) => {
      delete inputs["redrivePolicy"];
    }),
    "a dead-letter queue that does not exist": remove("queue:Queue", /^ImportsDeadLetters/),
    "tried a thousand times": inText(
      "queue:Queue",
      /^ImportsQueue$/,
      "redrivePolicy",
      ":5",
      ":1000",
    ),
    "a whole batch fails with one message": mapping(/^CycleChunks/, (inputs) => {
      inputs["functionResponseTypes"] = [];
    }),
    "a message handed out twice": change("queue:Queue", /^ImportsQueue$/, (inputs) => {
      inputs["visibilityTimeoutSeconds"] = 30;
    }),
    "nobody watches": remove(":MetricAlarm", /^ImportsDeadLetters/),
    "nobody reads": remove(":EventSourceMapping", /^Imports/),
  },
  streamsAreSafe: {
    "no dead-letter queue": mapping(/^TableSubscriber/, (inputs) => {
      delete inputs["destinationConfig"];
    }),
    "no right to the dead-letter queue": inText(
      ":Role",
      /^TableSubscriberHandOnChanges/,
      "inlinePolicies",
      "HandOnChangesDead",
      "HandOnChangesLost",
    ),
    "a poisoned record for ever": mapping(/^TableSubscriber/, (inputs) => {
      delete inputs["maximumRetryAttempts"];
    }),
    "a batch that is not split": mapping(/^TableSubscriber/, (inputs) => {
      inputs["bisectBatchOnFunctionError"] = false;
    }),
    "a batch that is answered whole": mapping(/^TableSubscriber/, (inputs) => {
      delete inputs["functionResponseTypes"];
    }),
    "a reader that starts too late": mapping(/^TableSubscriber/, (inputs) => {
      inputs["startingPosition"] = "LATEST";
    }),
    "records that never grow too old": mapping(/^TableSubscriber/, (inputs) => {
      inputs["maximumRecordAgeInSeconds"] = -1;
    }),
    "nobody sees it behind": remove(":MetricAlarm", /Behind/),
  },
  filtersNameRows: {
    "no filter": mapping(/^TableSubscriber/, (inputs) => {
      delete inputs["filterCriteria"];
    }),
    "a misspelt row": (graph) => {
      const found = first(graph, ":EventSourceMapping", /^TableSubscriber/);
      found.inputs["filterCriteria"] = JSON.parse(
        JSON.stringify(found.inputs["filterCriteria"]).replace(
          /(\\"S\\":\[\\")\w+/,
          (_, start) => `${start}Rolup`,
        ),
      );
    },
  },
  oneReaderOfChanges: {
    "a second reader": copy(":EventSourceMapping", /^TableSubscriber/, () => undefined),
  },
  changesAreRouted: {
    "a consumer that nothing is handed on to": routes((all) => {
      all.pop();
    }),
    "rows of another consumer": routes(([first]) => {
      if (first) first["entities"] = ["Event"];
    }),
    "two consumers' queues the wrong way round": routes((all) => {
      const [one, other] = all;
      if (one && other) [one["queueUrl"], other["queueUrl"]] = [other["queueUrl"], one["queueUrl"]];
    }),
    "no right to hand on": inText(
      ":Role",
      /^TableSubscriberHandOnChanges/,
      "inlinePolicies",
      "SendMail",
      "SendMale",
    ),
    "a reader that reaches the rows": inText(
      ":Role",
      /^TableSubscriberHandOnChanges/,
      "inlinePolicies",
      "dynamodb:GetRecords",
      "dynamodb:GetItem",
    ),
  },
  schedulesAreSafe: {
    "no dead-letter queue": target((schedule) => {
      delete schedule["deadLetterConfig"];
    }),
    "retries without end": target((schedule) => {
      schedule["retryPolicy"] = { maximumRetryAttempts: 185 };
    }),
    "a tick that is switched off": change(":Schedule", /Tick/, (inputs) => {
      inputs["state"] = "DISABLED";
    }),
    "no right to invoke": inText(
      ":Role",
      /^TickRole$/,
      "inlinePolicies",
      "lambda:InvokeFunction",
      "lambda:GetFunction",
    ),
  },
  scheduledFailuresAreKept: {
    "no word about failures": remove(":FunctionEventInvokeConfig", /./),
    "failures that go nowhere": change(":FunctionEventInvokeConfig", /./, (inputs) => {
      delete inputs["destinationConfig"];
    }),
  },
  alarmsSayWhatToDo: {
    "a silent alarm": change(":MetricAlarm", /./, (inputs) => {
      inputs["alarmDescription"] = "Error";
    }),
  },
  alarmsReachSomebody: {
    "an alarm that nobody hears": change(":MetricAlarm", /./, (inputs) => {
      delete inputs["alarmActions"];
    }),
    "alarms to a topic that does not exist": remove(":Topic", /./),
    "alarms that may not be published": inText(
      ":TopicPolicy",
      /./,
      "policy",
      "cloudwatch.amazonaws.com",
      "events.amazonaws.com",
    ),
    "a staging that tells nobody": (graph) => {
      graph.app.stage = "staging";
    },
  },
  alarmsHaveRunbooks: {
    "an alarm without a runbook": change(":MetricAlarm", /./, (inputs) => {
      inputs["alarmDescription"] =
        "Something is wrong somewhere, and somebody ought to have a look at it.";
    }),
    "a runbook that nobody wrote": inText(
      ":MetricAlarm",
      /^TickMissed/,
      "alarmDescription",
      'Tick missed\\".',
      'Tick late\\".',
    ),
  },
  functionsAreWatched: {
    "errors that nobody sees": remove(":MetricAlarm", /^HttpAppErrorsAlarm$/),
    "error lines that nobody counts": remove(":MetricAlarm", /^TickErrorLinesAlarm$/),
    "throttles of another function": change(":MetricAlarm", /^ImportsThrottles/, (inputs) => {
      inputs["dimensions"] = { FunctionName: "another" };
    }),
  },
  ownMetricsAreWritten: {
    "a metric that nobody writes": change(":MetricAlarm", /^TimersOverdue/, (inputs) => {
      inputs["metricName"] = "overdueMinutes";
    }),
    "a namespace of others": change(":MetricAlarm", /^TimersOverdue/, (inputs) => {
      inputs["namespace"] = "Discord";
    }),
  },
  silenceIsHeard: {
    "a tick that stops unheard": change(":MetricAlarm", /^TickMissed/, (inputs) => {
      inputs["treatMissingData"] = "notBreaching";
    }),
    "no word about a tick": remove(":MetricAlarm", /^TickMissed/),
    "an alarm on too many ticks": change(":MetricAlarm", /^TickMissed/, (inputs) => {
      inputs["comparisonOperator"] = "GreaterThanOrEqualToThreshold";
    }),
  },
  dashboardShowsAll: {
    "a function that it leaves out": change(":Dashboard", /./, (inputs) => {
      inputs["dashboardBody"] = String(inputs["dashboardBody"]).replaceAll(
        /concord-test-Tick\w+/g,
        "",
      );
    }),
    "an empty page": change(":Dashboard", /./, (inputs) => {
      inputs["dashboardBody"] = '{"widgets":[]}';
    }),
  },
  costIsBounded: {
    "no budget": remove(":Budget", /./),
    "a budget of another stage": inText(":Budget", /./, "costFilters", "$test", "$other"),
    "a word when it is too late": inText(":Budget", /./, "notifications", "FORECASTED", "ACTUAL"),
  },
  tracesAreWritten: {
    "a function without traces": change("function:Function", /^HttpApp/, (inputs) => {
      delete inputs["tracingConfig"];
    }),
    "no right to write them": grant("xray:PutTraceSegments", "xray:GetGroup"),
  },
  apiIsBounded: {
    "no throttling": change("stage:Stage", /./, (inputs) => {
      delete inputs["defaultRouteSettings"];
    }),
    "no access log": change("stage:Stage", /./, (inputs) => {
      delete inputs["accessLogSettings"];
    }),
    "every origin": change("function:Function", /^HttpApp/, (inputs) => {
      Object.assign((inputs["environment"] as { variables: object }).variables, {
        ALLOWED_ORIGINS: "*",
      });
    }),
  },
  burstsAreBounded: {
    "all the concurrency there is": mapping(/^CycleChunks/, (inputs) => {
      delete inputs["scalingConfig"];
    }),
  },
  backupsAreKept: {
    "no backup": remove(":Selection", /./),
    "a week of backups": inText("plan:Plan", /./, "rules", '"deleteAfter":35', '"deleteAfter":7'),
    "once a month": inText("plan:Plan", /./, "rules", "cron(0 3 * * ? *)", "cron(0 3 1 * ? *)"),
    "a vault that anybody empties": remove(":VaultLockConfiguration", /./),
  },
  handlersExist: {
    "a typo in a path": (graph) => {
      const [build] = graph.builds;
      if (build) Object.assign(build, { handler: build.handler.replace("packages/", "package/") });
    },
    "a handler that is not exported": (graph) => {
      for (const build of graph.builds) Object.assign(build, { errors: [], exports: ["main"] });
    },
    "a handler without a function": (graph) => {
      graph.builds.pop();
    },
  },
  handlersLoad: {
    "a variable that nobody sets": (graph) => {
      const bundle = join(root, ".sst/synth/needs-a-variable.mjs");
      writeFileSync(
        bundle,
        'if (!process.env.NOT_SET) throw new Error("x"); export const handler = () => 1;',
      );
      graph.builds = graph.builds.slice(0, 1).map((build) => ({ ...build, bundle, errors: [] }));
    },
    "a key that one of ours needs": (graph) => {
      graph.builds = graph.builds.filter((build) => build.function === "RegisterStep");
      change("function:Function", /^RegisterStep/, (inputs) => {
        inputs["environment"] = { variables: { TABLE_NAME: "table" } };
      })(graph);
    },
    "a handler that is no function": (graph) => {
      const bundle = join(root, ".sst/synth/is-no-function.mjs");
      writeFileSync(bundle, "export const handler = 1;");
      graph.builds = graph.builds.slice(0, 1).map((build) => ({ ...build, bundle, errors: [] }));
    },
  },
  bundlesAreTheirOwn: {
    "a library that hashes passwords beside every other route": bundleOf("HttpApp", "argon2"),
    "an account function that has grown": bundleOf("HttpAccount", "x".repeat(4_000_000)),
  },
  functionDefaults: {
    "an old runtime": change("function:Function", /^HttpApp/, (inputs) => {
      inputs["runtime"] = "nodejs20.x";
    }),
    "another processor": change("function:Function", /^HttpApp/, (inputs) => {
      inputs["architectures"] = ["x86_64"];
    }),
    "logs that no machine reads": change("function:Function", /^HttpApp/, (inputs) => {
      inputs["loggingConfig"] = { logFormat: "Text" };
    }),
  },
  logsEnd: {
    "logs for ever": change(":LogGroup", /^HttpApp/, (inputs) => {
      delete inputs["retentionInDays"];
    }),
    "a log group that Lambda makes itself": remove(":LogGroup", /^HttpApp/),
  },
  rolesAreForServices: {
    "the whole account": inText(
      ":Role",
      /^HttpAppRole$/,
      "assumeRolePolicy",
      '"Service":"lambda.amazonaws.com"',
      '"Service":"lambda.amazonaws.com","AWS":"arn:aws:iam::123456789012:root"',
    ),
  },
  functionsHaveRoles: {
    "a role from elsewhere": remove(":Role", /^HttpAppRole$/),
  },
  tenantRoleIsThere: {
    "no tenant role": remove(":Role", /^TenantRole$/),
    "a function that does not know it": change("function:Function", /^HttpAccount/, (inputs) => {
      delete (inputs["environment"] as { variables: Record<string, string> }).variables[
        "TENANT_ROLE_ARN"
      ];
    }),
    "a function that opens tenants with another role": inText(
      "function:Function",
      /^HttpApp/,
      "environment",
      "-TenantRole",
      "-HttpAppRole",
    ),
  },
  tenantRoleIsForItsFunctions: {
    "every principal there is": tenantRole("assumeRolePolicy", /"AWS":\[[^\]]*\]/, '"AWS":"*"'),
    "the whole account": tenantRole(
      "assumeRolePolicy",
      /"AWS":\[[^\]]*\]/,
      '"AWS":["arn:aws:iam::123456789012:root"]',
    ),
    "one more function": tenantRole(
      "assumeRolePolicy",
      /"AWS":\[/,
      '"AWS":["arn:aws:iam::123456789012:role/concord-production-TickRole",',
    ),
    "a session without a tenant": tenantRole("assumeRolePolicy", /"StringLike":\{[^}]*\},/, ""),
    "a session of any tag": tenantRole("assumeRolePolicy", '"ten_*"', '"*"'),
    "a second tag": tenantRole("assumeRolePolicy", /"aws:TagKeys":\[/, '"aws:TagKeys":["role",'),
    "a tag that a next session may change": tenantRole(
      "assumeRolePolicy",
      "sts:TransitiveTagKeys",
      "sts:SourceIdentity",
    ),
    "no right to tag the session": tenantRole("assumeRolePolicy", ',"sts:TagSession"', ""),
    "no condition at all": tenantRole("assumeRolePolicy", '"Condition"', '"Comment"'),
    "sessions of twelve hours": change(":Role", /^TenantRole$/, (inputs) => {
      inputs["maxSessionDuration"] = 43_200;
    }),
  },
  tenantSessionsReachOneTenant: {
    "every tenant": tenantRole(POLICIES, /T#\$\{[^}]*\}#\*/, "T#*"),
    "no tag in the key": tenantRole(POLICIES, /\$\{aws:PrincipalTag\/tenantId\}/, "*"),
    "one more partition of the system": tenantRole(POLICIES, "SYSTEM#TIMER#*", "SYSTEM#GUESS#*"),
    "requests that name no partition": tenantRole(POLICIES, '"Null"', '"Bool"'),
    "no condition at all": tenantRole(POLICIES, '"Condition"', '"Comment"'),
    "the files of all tenants": tenantRole(POLICIES, /"dynamodb:GetItem",/, '"s3:GetObject",'),
  },
  openersReachTenantsByTheRole: {
    "no right to tag the session": functionRole(',"sts:TagSession"', ""),
    "any role": functionRole(/arn:aws:iam::[^"]*TenantRole/, "*"),
    "rows of tenants by its own right": functionRole("SYSTEM#TICK", "T#*"),
    "rows of everybody by its own right": functionRole(
      /"Condition":\{"ForAllValues.*?\}\},?/,
      '"Comment":{}',
    ),
  },
  workersHaveTheirRights: {
    "one verb more": worker("RecordChanges", "dynamodb:PutItem", "dynamodb:DeleteItem"),
    "one partition more": worker("SendMail", "T#*#MAIL#*", "T#*"),
    "another index": worker("CycleChunks", "index/gsi2", "index/gsi1"),
    "one verb too few": worker("RegisterStep", "dynamodb:PutItem", "dynamodb:GetItem"),
  },
  rowsAreReachedByPartition: {
    "every row there is": worker("RemindApprover", "ForAllValues:StringLike", "Comment"),
    "requests that name no partition": worker("ExpirePlan", '\\"Null\\"', '\\"Bool\\"'),
    "the keys that verify tokens": worker("Tick", "SYSTEM#TICK", "SYSTEM#SIGNING-KEYS"),
  },
  nobodyElseTakesRolesOn: {
    "a worker that may become any tenant": inText(
      ":Role",
      /^TickRole$/,
      POLICIES,
      "sqs:SendMessage",
      "sts:AssumeRole",
    ),
  },
  secretsAreEncrypted: {
    "a function with a secret and no key": change(
      "function:Function",
      /^RegisterStep/,
      (inputs) => {
        delete inputs["kmsKeyArn"];
      },
    ),
    "a secret in the environment of another function": (graph) => {
      change("function:Function", /^ExpirePlan/, (inputs) => {
        Object.assign((inputs["environment"] as { variables: object }).variables, {
          NOTE: graph.secretValues[0],
        });
      })(graph);
    },
    "another's key": inText("function:Function", /^HttpApp/, "kmsKeyArn", "Secrets", "Other"),
    "no right to its own environment": grant("kms:Decrypt", "kms:Encrypt"),
    "a right to decrypt whatever there is": grant("key/Secrets", "key/*"),
    "a right to decrypt more than environments": grant("StringLike", "StringNotLike"),
    "a function without secrets that may decrypt": inText(
      ":Role",
      /^ExpirePlanRole$/,
      POLICIES,
      "xray:PutTraceSegments",
      "kms:Decrypt",
    ),
  },
  keysAreKept: {
    "no rotation": change(":Key", /^Secrets$/, (inputs) => {
      inputs["enableKeyRotation"] = false;
    }),
    "rotation every seven years": change(":Key", /^Secrets$/, (inputs) => {
      inputs["rotationPeriodInDays"] = 2555;
    }),
    "gone within a day": change(":Key", /^Secrets$/, (inputs) => {
      inputs["deletionWindowInDays"] = 1;
    }),
    "a production that loses it with its stack": (graph) => {
      graph.app.stage = "production";
    },
    "no name": remove(":Alias", /./),
    "every verb": keyPolicy("kms:Encrypt", "kms:*"),
    "the world": keyPolicy("arn:aws:iam::123456789012:root", "*"),
    "decryption of whatever it encrypted": keyPolicy("StringLike", "StringNotLike"),
    "grants for anybody": keyPolicy("kms:GrantIsForAWSResource", "aws:SecureTransport"),
  },
  domainIsTheOnlyAddress: {
    "AWS's own address beside it": change("api:Api", /./, (inputs) => {
      inputs["disableExecuteApiEndpoint"] = false;
    }),
    "TLS of yesterday": inText(":DomainName", /./, "domainNameConfiguration", "TLS_1_2", "TLS_1_0"),
    "a certificate of another Region": inText(
      ":DomainName",
      /./,
      "domainNameConfiguration",
      "acm:eu-central-1",
      "acm:us-east-1",
    ),
    "a certificate of another name": change(":Certificate", /./, (inputs) => {
      inputs["domainName"] = "concord.example";
    }),
    "no validation": remove(":CertificateValidation", /./),
    "no record of the validation": remove(":Record", /CNAME/),
    "no address for IPv6": remove(":Record", /AAAA/),
    "a record that leads elsewhere": inText(":Record", /AAAA/, "aliases", "d-rehearsed", "d-other"),
    "no mapping": remove(":ApiMapping", /./),
    "another domain": change(":DomainName", /./, (inputs) => {
      inputs["domainName"] = "api.other.example";
    }),
  },
  addressesAreTheDomain: {
    "tokens of another issuer": inText(
      "function:Function",
      /^HttpAccount/,
      "environment",
      "https://api.concord.example",
      "https://apiapi.execute-api.invalid",
    ),
  },
  regionIsOne: {
    "a Region that nobody looked at": (graph) => {
      Object.assign(graph.app, { providers: { aws: { region: "ap-south-2" } } });
    },
    "a key of another Region": inText(
      "function:Function",
      /^HttpApp/,
      "kmsKeyArn",
      "eu-west-1",
      "us-east-1",
    ),
  },
  machineIsObserved: {
    "no traces": change(":StateMachine", /./, (inputs) => {
      inputs["tracingConfiguration"] = { enabled: false };
    }),
    "no log": change(":StateMachine", /./, (inputs) => {
      delete inputs["loggingConfiguration"];
    }),
    "a log with task tokens in it": change(":StateMachine", /./, (inputs) => {
      Object.assign(inputs["loggingConfiguration"] as object, { includeExecutionData: true });
    }),
    "a log group that Step Functions makes itself": remove(":LogGroup", /^PlanApprovalErrors/),
    "no right to hand logs over": inText(
      ":Role",
      /^PlanApprovalRole$/,
      POLICIES,
      "logs:CreateLogDelivery",
      "logs:GetLogEvents",
    ),
  },
  machineIsTheDefinition: {
    "another waiting time": machine('"TimeoutSeconds":60', '"TimeoutSeconds":61'),
    "a machine that cannot wait": change(":StateMachine", /./, (inputs) => {
      inputs["type"] = "EXPRESS";
    }),
  },
  machineInvokesItsTasks: {
    "one function too few": inText(
      ":Role",
      /^PlanApprovalRole$/,
      "inlinePolicies",
      "RemindApprover",
      "HttpApp",
    ),
    "every verb of Lambda": inText(
      ":Role",
      /^PlanApprovalRole$/,
      "inlinePolicies",
      "lambda:InvokeFunction",
      "lambda:*",
    ),
  },
  machineIsReachedByName: {
    "another machine": inText(
      ":Role",
      /^RegisterStepRole$/,
      "inlinePolicies",
      "stateMachine:concord",
      "stateMachine:other",
    ),
  },
  machineIsSound: {
    "Timeout for TimeoutSeconds": machine('"TimeoutSeconds":60', '"Timeout":60'),
    "a misspelt target": machine('"Next":"Decided"', '"Next":"Decide"'),
    "a misspelt outcome": machine("'step-approved'", "'step-aproved'"),
    "a misspelt variable": machine("$plan.steps", "$plans.steps"),
  },
};

describe.each(Object.entries(mistakes))("%s", (name, planted) => {
  const rule = rules[name as keyof typeof rules];
  const stage = ofProduction.includes(name)
    ? "production"
    : ofStaging.includes(name)
      ? "staging"
      : "test";
  let known: ReadonlySet<string>;
  beforeAll(() => {
    known = new Set(rule(graphOf(stage)));
  });

  it.each(Object.entries(planted))("finds %s", (_, plant) => {
    const graph = graphOf(stage);
    plant(graph);
    expect(rule(graph).filter((wrong) => !known.has(wrong))).not.toEqual([]);
  });
});
