export { decideDispute, withdrawDispute } from "./close-dispute.ts";
export { appealEndsOn, type Closing, type DisputeEvent } from "./dispute.ts";
export { fileDispute } from "./file-dispute.ts";
export { getDispute, listCycleDisputes, listDisputes, listOpenDisputes } from "./get-dispute.ts";
export type { InvolvedStore } from "./involved.ts";
export type { DisputeRepository, DisputeStore } from "./repository.ts";
export {
  type ClosedDispute,
  DecideDispute,
  Dispute,
  DisputedSubject,
  type DisputeSubject,
  FileDispute,
  type OpenDispute,
} from "./schema.ts";
export { trackDispute } from "./track-dispute.ts";
