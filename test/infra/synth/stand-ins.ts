import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { MockCallArgs, MockResourceArgs, Mocks } from "@pulumi/pulumi/runtime/index.js";

export const account = "123456789012";
export const region = process.env["CONCORD_REGION"] ?? "eu-west-1";

type Fields = Record<string, unknown>;

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

/** Pulumi's mark on a secret value. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** A replacer for `JSON.stringify` that shows secret values like any other. */
export const withoutSecrets = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && SECRET in value && "value" in value
    ? value.value
    : value;

const readable = (inputs: Fields): Fields => JSON.parse(JSON.stringify(inputs, withoutSecrets));

/** What AWS would answer when a resource is created, as far as other resources read it. */
const outputs: Record<string, (inputs: Fields, name: string) => Fields> = {
  "aws:acm/certificate:Certificate": ({ domainName }, name) => ({
    arn: arn("acm", `certificate/${name}`),
    domainValidationOptions: [
      {
        domainName,
        resourceRecordName: `_validation.${domainName}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_value.acm-validations.aws.",
      },
    ],
  }),
  "aws:apigatewayv2/domainName:DomainName": ({ domainName, domainNameConfiguration }) => ({
    id: domainName,
    domainNameConfiguration: {
      ...(domainNameConfiguration as Fields),
      ...{ targetDomainName: "d-rehearsed.execute-api.invalid", hostedZoneId: "ZOFTHEGATEWAY" },
    },
  }),
  "aws:kms/key:Key": (_, name) => ({ arn: arn("kms", `key/${name}`), keyId: name }),
  "pulumi-nodejs:dynamic:Resource": () => ({ zoneId: "ZOFTHEDOMAIN" }),
  "aws:apigatewayv2/api:Api": (_, name) => ({
    arn: `arn:aws:apigateway:${region}::/apis/${name}`,
    apiEndpoint: `https://${name.toLowerCase()}.execute-api.invalid`,
    executionArn: arn("execute-api", name),
  }),
  "aws:backup/plan:Plan": (_, name) => ({ id: name, arn: arn("backup", `backup-plan:${name}`) }),
  "aws:backup/vault:Vault": ({ name }) => ({ arn: arn("backup", `backup-vault:${name}`) }),
  "aws:cloudwatch/logGroup:LogGroup": ({ name }) => ({ arn: arn("logs", `log-group:${name}`) }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (_, name) => ({ arn: arn("cloudwatch", name) }),
  "aws:dynamodb/table:Table": ({ name, streamEnabled }) => ({
    arn: arn("dynamodb", `table/${name}`),
    ...(streamEnabled
      ? { streamArn: arn("dynamodb", `table/${name}/stream/2026-01-01T00:00:00.000`) }
      : {}),
  }),
  "aws:iam/role:Role": ({ name }) => ({ arn: `arn:aws:iam::${account}:role/${name}` }),
  "aws:lambda/function:Function": ({ name }) => {
    const own = arn("lambda", `function:${name}`);
    const invoke = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${own}`;
    return {
      arn: own,
      version: "1",
      qualifiedArn: `${own}:1`,
      invokeArn: `${invoke}/invocations`,
      qualifiedInvokeArn: `${invoke}:1/invocations`,
      responseStreamingInvokeArn: `${invoke}/response-streaming-invocations`,
    };
  },
  "aws:s3/bucket:Bucket": ({ bucket }) => ({
    id: bucket,
    arn: `arn:aws:s3:::${bucket}`,
    region,
    bucketDomainName: `${bucket}.s3.invalid`,
    bucketRegionalDomainName: `${bucket}.s3.${region}.invalid`,
  }),
  "aws:scheduler/schedule:Schedule": ({ name }) => ({
    arn: arn("scheduler", `schedule/default/${name}`),
  }),
  "aws:sesv2/configurationSet:ConfigurationSet": ({ configurationSetName }) => ({
    arn: arn("ses", `configuration-set/${configurationSetName}`),
  }),
  "aws:sesv2/emailIdentity:EmailIdentity": ({ emailIdentity }) => ({
    arn: arn("ses", `identity/${emailIdentity}`),
  }),
  "aws:sfn/stateMachine:StateMachine": ({ name }) => ({
    arn: arn("states", `stateMachine:${name}`),
  }),
  "aws:sns/topic:Topic": ({ name }) => ({ arn: arn("sns", String(name)) }),
  "aws:sqs/queue:Queue": ({ name }) => {
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    return { id: url, url, arn: arn("sqs", String(name)) };
  },
  "random:index/randomBytes:RandomBytes": () => {
    const bytes = Buffer.alloc(32, 7);
    return { base64: bytes.toString("base64"), hex: bytes.toString("hex") };
  },
};

type Statement = {
  sid?: string;
  effect?: string;
  actions?: string[];
  resources?: string[];
  principals?: { type: string; identifiers: string[] }[];
  conditions?: { test: string; variable: string; values: string[] }[];
};

function policyDocument(statements: Statement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ sid, effect, actions, resources, principals, conditions }) => ({
      ...(sid ? { Sid: sid } : {}),
      Effect: effect ?? "Allow",
      ...(principals
        ? {
            Principal: principals.some(({ type }) => type === "*")
              ? "*"
              : Object.fromEntries(principals.map(({ type, identifiers }) => [type, identifiers])),
          }
        : {}),
      Action: actions,
      Resource: resources,
      ...(conditions
        ? {
            Condition: Object.fromEntries(
              conditions.map(({ test, variable, values }) => [test, { [variable]: values }]),
            ),
          }
        : {}),
    })),
  });
}

/** Answers for AWS, so that SST's own components run without an account. What it does not know it refuses by name. */
export const standIns: Mocks = {
  newResource({ type, name, inputs, id }: MockResourceArgs) {
    const extra = outputs[type]?.(readable(inputs), name) ?? {};
    // Never empty: Pulumi takes an empty id for one that is not known yet.
    const newId = extra["id"] ?? id ?? inputs["name"];
    return { id: String(newId || `${name}-id`), state: { ...inputs, ...extra } };
  },
  call({ token, inputs }: MockCallArgs) {
    switch (token) {
      case "aws:index/getRegion:getRegion":
        return { region, name: region, id: region };
      case "aws:index/getPartition:getPartition":
        return { partition: "aws", id: "aws", dnsSuffix: "amazonaws.com" };
      case "aws:index/getCallerIdentity:getCallerIdentity":
        return { accountId: account, id: account, arn: `arn:aws:iam::${account}:user/nobody` };
      case "aws:iam/getPolicyDocument:getPolicyDocument": {
        // A function without permissions has no policy: its component looks at `statements`.
        const statements: Statement[] | undefined = inputs["statements"];
        const json = policyDocument(statements ?? []);
        return { ...inputs, statements: statements?.length ? statements : undefined, json };
      }
      default:
        throw new Error(`no stand-in for ${token}: add one in test/infra/synth/stand-ins.ts`);
    }
  },
};

/**
 * Secrets live in the account, and a stack without them does not run: here every one that was not set has a value of its kind.
 * @returns those that nobody may read: the others are addresses and public keys
 */
export function standInSecrets(): string[] {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const secrets = {
    AlarmEmail: "alarms@concord.example",
    AuditPublicKeys: "[]",
    AuditKey: JSON.stringify({
      ...generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }),
      kid: "stand-in",
    }),
    CursorSecret: randomBytes(32).toString("base64"),
    MailSender: "no-reply@concord.example",
    SigningKeys: JSON.stringify([
      { ...privateKey.export({ format: "jwk" }), kid: "stand-in", use: "sig", alg: "RS256" },
    ]),
    StepTokenKey: randomBytes(32).toString("base64"),
    TokenSecret: randomBytes(32).toString("base64"),
  };
  for (const [name, value] of Object.entries(secrets)) process.env[`SST_SECRET_${name}`] ??= value;
  const readable = /^(AlarmEmail|AuditPublicKeys|MailSender)$/;
  return Object.keys(secrets)
    .filter((name) => !readable.test(name))
    .map((name) => process.env[`SST_SECRET_${name}`] ?? "");
}
