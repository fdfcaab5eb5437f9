export { createPartner } from "./create-partner.ts";
export { getPartner } from "./get-partner.ts";
export { listPartners } from "./list-partners.ts";
export { requireMembers } from "./named-members.ts";
export { type PartnerEvent, partnerNameKey } from "./partner.ts";
export type { NamedMembers, PartnerRepository, PartnerStore } from "./repository.ts";
export { CreatePartner, LifecycleStage, Partner, PartnerType, UpdatePartner } from "./schema.ts";
export { updatePartner } from "./update-partner.ts";
