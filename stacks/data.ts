import { tableAlarms } from "../infra/alarms.ts";
import { tableBackups } from "../infra/backups.ts";
import { secretsKey } from "../infra/secrets-key.ts";
import { isProduction } from "../infra/stage.ts";
import { tableArgs } from "../infra/table.ts";
import { tenantRole, tenantRoleArn } from "../infra/tenant-credentials.ts";

const UPLOADS_PREFIX = "imports/";
const EXPORTS_PREFIX = "exports/";

/**
 * The table, the uploads and the key of the secrets: what must outlive every deployment.
 * @param hasTenantRole whether the functions that open tenants do so with the tenant's credentials
 */
export function dataStack({ hasTenantRole }: { hasTenantRole: boolean }) {
  const retained = { retainOnDelete: isProduction() };
  const table = new sst.aws.Dynamo("Table", tableArgs(), retained);
  tableAlarms(table.name);
  if (isProduction()) tableBackups(table);
  const uploads = new sst.aws.Bucket(
    "Uploads",
    {
      enforceHttps: true,
      cors: false,
      lifecycle: [
        { id: "uploads-are-read-once", prefix: UPLOADS_PREFIX, expiresIn: "30 days" },
        { id: "exports-are-fetched", prefix: EXPORTS_PREFIX, expiresIn: "7 days" },
      ],
      transform: { bucket: { forceDestroy: !isProduction() } },
    },
    retained,
  );
  return {
    table,
    uploads,
    secretsKey: secretsKey(),
    uploadsPrefix: UPLOADS_PREFIX,
    exportsPrefix: EXPORTS_PREFIX,
    tenantRoleArn: hasTenantRole ? tenantRoleArn() : undefined,
  };
}

export type Data = ReturnType<typeof dataStack>;

/** The role of one tenant's sessions, for these functions alone; they know its name before it is there. */
export function tenantRoleStack(
  { table, tenantRoleArn: arn }: Data,
  openers: readonly sst.aws.Function[],
): void {
  if (arn === undefined) return;
  tenantRole(
    table,
    openers.map(({ nodes }) => nodes.role.arn),
  );
}
