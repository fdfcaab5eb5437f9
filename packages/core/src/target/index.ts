export { agreedFor, withTargets } from "./apply-targets.ts";
export { ImportedTargets, ImportTargets, importTargets } from "./import-targets.ts";
export {
  acknowledgeTargets,
  getTargets,
  listTargets,
  listWaitingTargets,
  proposeTargets,
} from "./manage-targets.ts";
export type { TargetRepository, TargetSetKey, TargetStore } from "./repository.ts";
export {
  AgreedTargets,
  PartnerTarget,
  ProposeTargets,
  TargetSet,
} from "./schema.ts";
export { suggestTargets, TargetSuggestion } from "./suggest-targets.ts";
export type { TargetEvent } from "./target.ts";
export { judgeTargets } from "./target-faults.ts";
export { listOwnTargetWork } from "./target-work.ts";
