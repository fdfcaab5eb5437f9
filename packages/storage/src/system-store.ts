import type { LoginChallengeRepository, PublicKeyRepository } from "@concord/core/login";
import type { LoginLimitRepository } from "@concord/core/login-limit";
import type { LoginLinkRepository } from "@concord/core/login-link";
import type { PersonRepository } from "@concord/core/person";
import type { PersonErasureRepository } from "@concord/core/person-erasure";
import type { SecondFactorRepository } from "@concord/core/second-factor";
import type { SecurityEventRepository } from "@concord/core/security-event";
import type { TenantDirectory } from "@concord/core/tenant";
import type { ErasureStore } from "@concord/core/tenant-erasure";
import type { TimerRepository } from "@concord/core/timer";
import type { Table } from "./dynamo-table/contract.ts";
import { dynamoLoginChallengeRepository } from "./login/dynamo-login-challenge-repository.ts";
import { dynamoPublicKeyRepository } from "./login/dynamo-public-key-repository.ts";
import { dynamoLoginLimitRepository } from "./login-limit/dynamo-login-limit-repository.ts";
import { dynamoLoginLinkRepository } from "./login-link/dynamo-login-link-repository.ts";
import { dynamoPersonRepository } from "./person/dynamo-person-repository.ts";
import { dynamoPersonErasureRepository } from "./person-erasure/dynamo-person-erasure-repository.ts";
import { dynamoSecondFactorRepository } from "./second-factor/dynamo-second-factor-repository.ts";
import { dynamoSecurityEventRepository } from "./security-event/dynamo-security-event-repository.ts";
import { dynamoTenantDirectory } from "./tenant/dynamo-tenant-directory.ts";
import { dynamoErasureRepository } from "./tenant-contents/dynamo-erasure-repository.ts";
import { dynamoTimerRepository } from "./timer/dynamo-timer-repository.ts";

/** What belongs to no tenant; for log-ins, schedules and the start of a tenant, never for a route of one. */
export interface SystemStore extends ErasureStore {
  readonly guesses: LoginLimitRepository;
  readonly loginChallenges: LoginChallengeRepository;
  readonly loginLinks: LoginLinkRepository;
  readonly people: PersonRepository;
  readonly personErasures: PersonErasureRepository;
  readonly publicKeys: PublicKeyRepository;
  readonly secondFactors: SecondFactorRepository;
  readonly securityEvents: SecurityEventRepository;
  readonly tenants: TenantDirectory;
  readonly timers: TimerRepository;
}

export const openSystemStore = (table: Table): SystemStore => ({
  erasures: dynamoErasureRepository(table),
  guesses: dynamoLoginLimitRepository(table),
  loginChallenges: dynamoLoginChallengeRepository(table),
  loginLinks: dynamoLoginLinkRepository(table),
  people: dynamoPersonRepository(table),
  personErasures: dynamoPersonErasureRepository(table),
  publicKeys: dynamoPublicKeyRepository(table),
  secondFactors: dynamoSecondFactorRepository(table),
  securityEvents: dynamoSecurityEventRepository(table),
  tenants: dynamoTenantDirectory(table),
  timers: dynamoTimerRepository(table),
});
