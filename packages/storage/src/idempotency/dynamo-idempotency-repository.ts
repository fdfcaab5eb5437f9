import type { IdempotencyRepository } from "@concord/core/idempotency";
import { load, type TenantTable } from "../aggregate.ts";
import { recordedAnswerEntity } from "./effect-marker.ts";

export const dynamoIdempotencyRepository = (tenant: TenantTable): IdempotencyRepository => ({
  /** AP-02 */
  find: (keyHash) =>
    load(tenant, recordedAnswerEntity(tenant.keys), tenant.keys.idempotency(keyHash)),
});
