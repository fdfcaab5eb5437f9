import {
  at,
  examine,
  functions,
  type Graph,
  grants,
  input,
  isTenantRole,
  list,
  named,
  nameOf,
  number,
  ofType,
  type Resource,
  type Rule,
  roles,
  type Statement,
  statementsOf,
} from "./graph.ts";

const keys = (graph: Graph): Resource[] => ofType(graph, "aws:kms/key:Key");

/** The values of secrets that its environment holds, whatever the variables are called. */
const carriesSecrets = (graph: Graph, each: Resource): boolean =>
  Object.values(at(each.inputs, "environment", "variables") ?? {}).some((value) =>
    graph.secretValues.some((secret) => String(value).includes(secret)),
  );

const decrypting = ({ Action }: Statement): boolean =>
  Action.some((action) => /^kms:(Decrypt|\*|GenerateDataKey|ReEncrypt)/.test(action));

/** A function that carries a secret has an environment that our key encrypts, and may read it; no other function may. */
export const secretsAreEncrypted: Rule = (graph) => {
  const carrying = functions(graph).filter((each) => carriesSecrets(graph, each));
  const roleOf = (each: Resource) => named(roles(graph), input(each, "role"));
  const isKey = (arn: unknown) =>
    typeof arn === "string" && keys(graph).some(({ name }) => arn.endsWith(`:key/${name}`));
  return [
    ...examine("function with a secret", carrying, nameOf, (each) => {
      const role = roleOf(each);
      const arn = input(each, "kmsKeyArn");
      return [
        !isKey(arn) && "carries a secret in an environment without a key of ours",
        !(role ? grants(role) : []).some(
          (one) =>
            one.Action.join() === "kms:Decrypt" &&
            one.Resource.length === 1 &&
            one.Resource[0] === arn,
        ) && "may not read its environment",
      ];
    }),
    ...examine(
      "role without a secret",
      roles(graph).filter(
        (role) => !isTenantRole(role) && !carrying.some((each) => roleOf(each) === role),
      ),
      nameOf,
      (role) => [grants(role).some(decrypting) && "may decrypt, and carries no secret"],
    ),
    ...examine(
      "grant of a key",
      roles(graph).flatMap(grants).filter(decrypting),
      ({ Action }) => Action.join(),
      (one) => [
        one.Resource.some((arn) => !isKey(arn)) && `reaches ${one.Resource}`,
        !contextOf(one) && "for whatever the key encrypted",
      ],
    ),
  ];
};

const contextOf = ({ Condition }: Statement): boolean =>
  list(at(Condition, "StringLike", "kms:EncryptionContext:aws:lambda:FunctionArn")).flat().length >
  0;

/** The key rotates, has a name, goes slowly, and its policy gives nobody more than a use of it. */
export const keysAreKept: Rule = (graph) => {
  const isProduction = graph.app.stage === "production";
  return examine("key", keys(graph), nameOf, (key) => [
    input(key, "enableKeyRotation") !== true && "does not rotate",
    !(number(input(key, "rotationPeriodInDays")) <= 365) && "rotates too seldom",
    !(number(input(key, "deletionWindowInDays")) >= (isProduction ? 30 : 7)) && "is gone too soon",
    key.retainOnDelete !== isProduction && "wrong retention",
    key.protect !== isProduction && "wrong protection",
    !ofType(graph, "aws:kms/alias:Alias").some(
      (alias) => input(alias, "targetKeyId") === key.name,
    ) && "has no name",
    ...examine(
      "statement of its policy",
      statementsOf(input(key, "policy")),
      ({ Action }) => [Action].flat().join(),
      (one) => [
        [one.Action].flat().some((action) => action.includes("*")) && "allows whatever there is",
        !/^\{"AWS":\["arn:aws:iam::\d{12}:root"\]\}$/.test(JSON.stringify(one.Principal)) &&
          `is for ${JSON.stringify(one.Principal)}`,
        decrypting(one) && !contextOf(one) && "decrypts whatever the key encrypted",
        [one.Action].flat().includes("kms:CreateGrant") &&
          at(one.Condition, "Bool", "kms:GrantIsForAWSResource") === undefined &&
          "lets anybody hand the key on",
      ],
    ),
  ]);
};
