import { grantsOf, openTenants, type Permission, readTable, writeTable } from "./access.ts";
import { physicalName } from "./stage.ts";
import { type Policy, TENANT_SESSION_SECONDS, tenantPolicy, tenantTrust } from "./tenant-role.ts";

const roleName = (): string => physicalName("TenantRole");

/** Known before the role is: it trusts the functions that are told of it. */
export function tenantRoleArn(): $util.Output<string> {
  const { partition } = aws.getPartitionOutput();
  const { accountId } = aws.getCallerIdentityOutput();
  return $interpolate`arn:${partition}:iam::${accountId}:role/${roleName()}`;
}

/** The role of the sessions of single tenants. */
export const tenantRole = (
  table: sst.aws.Dynamo,
  openerArns: $util.Input<string>[],
): aws.iam.Role =>
  new aws.iam.Role("TenantRole", {
    name: roleName(),
    description: "A session of it reaches the rows of the tenant that its tag names",
    maxSessionDuration: TENANT_SESSION_SECONDS,
    assumeRolePolicy: $util.all(openerArns).apply((arns) => JSON.stringify(tenantTrust(arns))),
    inlinePolicies: [
      {
        name: "rows",
        policy: table.arn.apply((arn) => JSON.stringify(tenantPolicy(arn))),
      },
    ],
  });

/**
 * How a function reaches the table: by itself what `outside` says and each tenant with a session of the
 * tenant role, or, where the stage has none, all of it by itself.
 */
export const tenantsOf = (
  table: sst.aws.Dynamo,
  roleArn: $util.Output<string> | undefined,
  outside: (tableArn: string) => Policy,
): { environment: Record<string, $util.Input<string>>; permissions: Permission[] } =>
  roleArn === undefined
    ? {
        environment: { TABLE_NAME: table.name },
        permissions: [readTable(table), writeTable(table)],
      }
    : {
        environment: { TABLE_NAME: table.name, TENANT_ROLE_ARN: roleArn },
        permissions: [...grantsOf(outside, table), openTenants(roleArn)],
      };
