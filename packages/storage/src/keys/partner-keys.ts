import type { PartnerId } from "@concord/core/id";
import { hashed, type InTenant, type Key, nameSort, partnerPartition } from "./key.ts";

/** Partners. */
export const partnerKeys = (inTenant: InTenant) => ({
  partner: (partnerId: PartnerId): Key => ({
    pk: partnerPartition(inTenant, partnerId),
    sk: "PARTNER",
  }),
  partnerName: (nameKey: string): Key => ({
    pk: inTenant(`PARTNERNAME#${hashed(nameKey)}`),
    sk: "CLAIM",
  }),
  partnerList: () => inTenant("LIST#PARTNER"),
  partnerListSort: (nameKey: string, partnerId: PartnerId): string =>
    `${nameSort(nameKey, partnerId)}`,
});
