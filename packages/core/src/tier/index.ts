export { decideTier, reevaluateTier } from "./decide-tier.ts";
export { evaluateTier } from "./evaluate-tier.ts";
export { getTier, listTiers, listWaitingTiers } from "./get-tier.ts";
export type { TierRepository, TierStore } from "./repository.ts";
export { DecideTier, PartnerTier } from "./schema.ts";
