import { backupFailedAlarm } from "./alarms.ts";
import { physicalName } from "./stage.ts";

/**
 * Backups of the table that outlive the table, the stack and a thief of its rights: beside the 35 days that point-in-time
 * recovery reaches back, one a day for 35 days and one a month for 13 months, in a vault that nobody may empty early.
 */
export function tableBackups(table: sst.aws.Dynamo): aws.backup.Vault {
  const vault = new aws.backup.Vault(
    "Backups",
    { name: physicalName("Backups"), forceDestroy: false },
    { retainOnDelete: true },
  );
  new aws.backup.VaultLockConfiguration("BackupsLock", {
    backupVaultName: vault.name,
    minRetentionDays: 7,
    maxRetentionDays: 400,
  });
  const plan = new aws.backup.Plan("BackupPlan", {
    name: physicalName("BackupPlan"),
    rules: [
      {
        ruleName: "daily",
        targetVaultName: vault.name,
        schedule: "cron(0 3 * * ? *)",
        lifecycle: { deleteAfter: 35 },
      },
      {
        ruleName: "monthly",
        targetVaultName: vault.name,
        schedule: "cron(0 4 1 * ? *)",
        lifecycle: { deleteAfter: 400 },
      },
    ],
  });
  new aws.backup.Selection("BackupSelection", {
    name: physicalName("BackupSelection"),
    planId: plan.id,
    iamRoleArn: backupRole(table, vault).arn,
    resources: [table.arn],
  });
  backupFailedAlarm(vault.name);
  return vault;
}

/** What AWS's own policy for backups grants on every table, for this one. */
function backupRole(table: sst.aws.Dynamo, vault: aws.backup.Vault): aws.iam.Role {
  return new aws.iam.Role("BackupRole", {
    name: physicalName("BackupRole"),
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "backup.amazonaws.com" }),
    inlinePolicies: [
      {
        name: "backups",
        policy: aws.iam.getPolicyDocumentOutput({
          statements: [
            {
              actions: [
                "dynamodb:CreateBackup",
                "dynamodb:DescribeTable",
                "dynamodb:ListTagsOfResource",
                "dynamodb:StartAwsBackupJob",
              ],
              resources: [table.arn],
            },
            {
              actions: ["dynamodb:DeleteBackup", "dynamodb:DescribeBackup"],
              resources: [$interpolate`${table.arn}/backup/*`],
            },
            {
              actions: ["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
              resources: [vault.arn],
            },
          ],
        }).json,
      },
    ],
  });
}
