import { checkRegion } from "../infra/region.ts";
import { hasTenantRole } from "../infra/tenant-role.ts";
import { apiStack } from "./api.ts";
import { approvalsStack } from "./approvals.ts";
import { auditStack } from "./audit.ts";
import { changeFeedStack } from "./change-feed.ts";
import { cyclesStack } from "./cycles.ts";
import { dataStack, tenantRoleStack } from "./data.ts";
import { importsStack } from "./imports.ts";
import { mailStack } from "./mail.ts";
import { observabilityStack } from "./observability.ts";

type Settings = {
  /** Asks for credentials of each tenant's own in a stage that has none by itself. */
  wantsTenantRole: boolean;
  /** Of the API; without it, an address that AWS makes. */
  domain: string | undefined;
  /** Of everything in it. */
  region: unknown;
};

/** All of a stage, in the order in which one part needs another. */
export function concord({ wantsTenantRole, domain, region }: Settings) {
  checkRegion(region);
  const data = dataStack({ hasTenantRole: hasTenantRole($app.stage, wantsTenantRole) });
  const { api, tokenSecret, functions } = apiStack(data, { domain });
  tenantRoleStack(data, Object.values(functions));
  const cycles = cyclesStack(data);
  const imports = importsStack(data);
  const approvals = approvalsStack(data);
  const audit = auditStack(data);
  const mail = mailStack(data, { baseUrl: api.url, tokenSecret });
  const changeFeed = changeFeedStack(data, {
    ProjectRanking: cycles.changes,
    RecordChanges: audit.changes,
    SendMail: mail.changes,
    QueueJobs: imports.changes,
    StartApproval: approvals.changes,
  });
  const { stateMachine } = approvals;
  observabilityStack({ data, api, functions, stateMachine }, [
    ...[cycles, imports, approvals, audit, mail, changeFeed],
  ]);
  return { api: api.url, table: data.table.name, planApproval: stateMachine.arn };
}
