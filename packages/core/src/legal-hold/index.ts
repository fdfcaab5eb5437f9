export { isHeld, type LegalHoldChange } from "./legal-hold.ts";
export {
  getLegalHold,
  listLegalHolds,
  placeLegalHold,
  releaseLegalHold,
  requireNoHold,
} from "./manage-legal-holds.ts";
export type { LegalHoldRepository, LegalHoldStore } from "./repository.ts";
export { HoldsInForce, LegalHold, noHolds, PlaceLegalHold, ReleaseLegalHold } from "./schema.ts";
