import type { SealedStepToken, StepTokenRepository } from "@concord/core/development-plan";
import { PlanId } from "@concord/core/id";
import { z } from "zod";
import type { TenantTable } from "../aggregate.ts";
import { isNew } from "../dynamo-table/condition.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { every } from "../position.ts";

const StepToken = z.object({
  planId: PlanId,
  revision: z.number().int().positive(),
  attempt: z.number().int().positive(),
  stepNumber: z.number().int().positive(),
  tokenHash: z.string(),
  sealed: z.string(),
  expiresAt: z.number().int(),
});

const stepTokenEntity = (keys: TenantKeys): Entity<SealedStepToken> => ({
  name: "StepToken",
  schema: StepToken,
  schemaVersion: 1,
  key: (token) => keys.stepToken(token.planId, token, token.tokenHash),
  expiresAt: ({ expiresAt }) => expiresAt,
});

export function dynamoStepTokenRepository({ table, keys }: TenantTable): StepTokenRepository {
  const tokens = stepTokenEntity(keys);
  return {
    /** AP-139 */
    async put(token) {
      await table.put(toItem(tokens, token), isNew);
    },

    /** AP-140 */
    async ofStep(planId, step) {
      const found: SealedStepToken[] = [];
      const query = { pk: keys.plan(planId).pk, sort: { prefix: keys.stepTokenPrefix(step) } };
      for await (const token of every(table, tokens, query)) found.push(token);
      return found;
    },
  };
}
