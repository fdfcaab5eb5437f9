export { handOverMember, handOverPartnerUser } from "./hand-over.ts";
export type { HandoverStore } from "./held-by-member.ts";
export { everyDutyOf, readMemberDuties, readPartnerUserDuties } from "./read-duties.ts";
export { Duties, Duty, HandOverMember, HandOverPartnerUser, HandoverReport } from "./schema.ts";
