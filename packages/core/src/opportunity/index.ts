export type { OpportunityRepository, OpportunityStore } from "./repository.ts";
export * from "./schema.ts";
