import type { CycleStore } from "@concord/core/cycle";
import type { TenantId } from "@concord/core/id";
import type { IdempotencyRepository, RecordAnswer } from "@concord/core/idempotency";
import type { LoginSessionStore } from "@concord/core/login";
import type { MemberStore } from "@concord/core/member";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import type { ScorecardStore } from "@concord/core/scorecard";
import type { TenantProfileStore } from "@concord/core/tenant";
import type { TenantTable } from "./aggregate.ts";
import { dynamoCycleRepository } from "./cycle/dynamo-cycle-repository.ts";
import type { Table } from "./dynamo-table.ts";
import { dynamoIdempotencyRepository } from "./idempotency/dynamo-idempotency-repository.ts";
import { effectMarker } from "./idempotency/effect-marker.ts";
import { tenantKeys } from "./keys.ts";
import { dynamoLoginSessionRepository } from "./login/dynamo-login-session-repository.ts";
import { dynamoMemberRepository } from "./member/dynamo-member-repository.ts";
import { dynamoPartnerUserRepository } from "./member/dynamo-partner-user-repository.ts";
import { dynamoPartnerRepository } from "./partner/dynamo-partner-repository.ts";
import { dynamoPersonLookup } from "./person/dynamo-person-repository.ts";
import { dynamoProgramRepository } from "./program/dynamo-program-repository.ts";
import { dynamoScorecardRepository } from "./scorecard/dynamo-scorecard-repository.ts";
import { dynamoTenantRepository } from "./tenant/dynamo-tenant-repository.ts";

/** Everything of one tenant. No method below this door has a tenant parameter. */
export interface TenantStore
  extends CycleStore,
    LoginSessionStore,
    MemberStore,
    PartnerStore,
    ProgramStore,
    ScorecardStore,
    TenantProfileStore {
  readonly idempotency: IdempotencyRepository;
}

/** Opens a tenant. `record` makes the answer that is written with the first effect of a request. */
export function openTenantStore(
  table: Table,
  tenantId: TenantId,
  record?: RecordAnswer,
): TenantStore {
  const tenant: TenantTable = {
    table,
    keys: tenantKeys(tenantId),
    ...(record ? { marker: effectMarker(record) } : {}),
  };
  return {
    cycles: dynamoCycleRepository(tenant),
    idempotency: dynamoIdempotencyRepository(tenant),
    loginSessions: dynamoLoginSessionRepository(tenant),
    members: dynamoMemberRepository(tenant),
    partners: dynamoPartnerRepository(tenant),
    partnerUsers: dynamoPartnerUserRepository(tenant),
    people: dynamoPersonLookup(table),
    programs: dynamoProgramRepository(tenant),
    scorecards: dynamoScorecardRepository(tenant),
    tenant: dynamoTenantRepository(tenant),
  };
}
