export { handOverMember, handOverPartnerUser } from "./hand-over.ts";
export type { HandoverStore } from "./held-by-member.ts";
export { readMemberDuties, readPartnerUserDuties } from "./read-duties.ts";
export { Duties, HandOverMember, HandOverPartnerUser, HandoverReport } from "./schema.ts";
