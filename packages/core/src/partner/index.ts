export { createPartner } from "./create-partner.ts";
export { getPartner } from "./get-partner.ts";
export { listPartners } from "./list-partners.ts";
export { type PartnerEvent, partnerNameKey } from "./partner.ts";
export type { PartnerRepository, PartnerStore } from "./repository.ts";
export { CreatePartner, LifecycleStage, Partner, PartnerType, UpdatePartner } from "./schema.ts";
export { updatePartner } from "./update-partner.ts";
