import type { Permission } from "./access.ts";
import { isProduction, physicalName } from "./stage.ts";

/** What owns the key may do with the key itself; none of it reads what the key encrypts. */
const administration = [
  ...["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListKeyPolicies"],
  ...["kms:ListGrants", "kms:ListKeyRotations", "kms:ListResourceTags", "kms:PutKeyPolicy"],
  ...["kms:EnableKey", "kms:DisableKey", "kms:EnableKeyRotation", "kms:RotateKeyOnDemand"],
  ...["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias", "kms:UpdateKeyDescription"],
  ...["kms:TagResource", "kms:UntagResource", "kms:RevokeGrant"],
  ...["kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"],
];

const FUNCTION_CONTEXT = "kms:EncryptionContext:aws:lambda:FunctionArn";

/**
 * What encrypts the environment of the functions that carry secrets: who may read a function's configuration does not see
 * them without a right to this key. Within the account the key is used for environments of functions and for nothing else.
 */
export function secretsKey(): aws.kms.Key {
  const { accountId } = aws.getCallerIdentityOutput();
  const { partition } = aws.getPartitionOutput();
  const { region } = aws.getRegionOutput();
  const principals = [
    { type: "AWS", identifiers: [$interpolate`arn:${partition}:iam::${accountId}:root`] },
  ];
  const ofFunctions = $interpolate`arn:${partition}:lambda:${region}:${accountId}:function:*`;
  const throughLambda = {
    test: "StringEquals",
    variable: "kms:ViaService",
    values: [$interpolate`lambda.${region}.amazonaws.com`],
  };
  const key = new aws.kms.Key(
    "Secrets",
    {
      description: `Secrets in the environment of functions of ${$app.name}, ${$app.stage}`,
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      deletionWindowInDays: isProduction() ? 30 : 7,
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          { sid: "Administration", actions: administration, resources: ["*"], principals },
          {
            sid: "Environments",
            actions: ["kms:Encrypt", "kms:Decrypt"],
            resources: ["*"],
            principals,
            conditions: [{ test: "StringLike", variable: FUNCTION_CONTEXT, values: [ofFunctions] }],
          },
          {
            sid: "GrantsOfLambda",
            actions: ["kms:CreateGrant"],
            resources: ["*"],
            principals,
            conditions: [
              throughLambda,
              { test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] },
            ],
          },
        ],
      }).json,
    },
    { retainOnDelete: isProduction(), protect: isProduction() },
  );
  new aws.kms.Alias("SecretsAlias", {
    name: `alias/${physicalName("Secrets")}`,
    targetKeyId: key.keyId,
  });
  return key;
}

/** For the function whose environment it is. */
export function decryptEnvironment(key: aws.kms.Key): Permission {
  const { accountId } = aws.getCallerIdentityOutput();
  const { partition } = aws.getPartitionOutput();
  const { region } = aws.getRegionOutput();
  const ofFunctions = $interpolate`arn:${partition}:lambda:${region}:${accountId}:function:*`;
  return {
    actions: ["kms:Decrypt"],
    resources: [key.arn],
    conditions: [{ test: "StringLike", variable: FUNCTION_CONTEXT, values: [ofFunctions] }],
  };
}
