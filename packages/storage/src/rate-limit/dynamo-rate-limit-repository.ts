import type { RateLimitRepository } from "@concord/core/rate-limit";
import type { TenantTable } from "../aggregate.ts";
import { takeFrom } from "./take-tokens.ts";

export const dynamoRateLimitRepository = ({ table, keys }: TenantTable): RateLimitRepository => ({
  /** AP-220, AP-221 */
  async take({ principal, rateClass }, take) {
    const row = { key: keys.rateBucket(principal, rateClass), entity: "RateBucket" };
    return (await takeFrom(table, row, take)).decision;
  },
});
