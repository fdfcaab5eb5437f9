import { z } from "zod";
import { MemberId, PartnerId } from "../id/index.ts";

export const PartnerType = z
  .enum(["reseller", "technology-alliance", "referral", "managed-service"])
  .meta({ id: "PartnerType" });
export type PartnerType = z.infer<typeof PartnerType>;

export const LifecycleStage = z
  .enum(["onboarding", "growing", "established", "strategic"])
  .meta({ id: "LifecycleStage" });
export type LifecycleStage = z.infer<typeof LifecycleStage>;

/** The company being reviewed. */
export const Partner = z
  .object({
    partnerId: PartnerId,
    name: z.string().trim().min(1).max(200),
    type: PartnerType,
    lifecycleStage: LifecycleStage,
    region: z.string().trim().min(1).max(100),
    /** The members answerable for the partnership; null while nobody is named. */
    partnerManagerId: MemberId.nullable(),
    executiveSponsorId: MemberId.nullable(),
    dataStewardId: MemberId.nullable(),
    version: z.number().int().positive(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Partner" });
export type Partner = z.infer<typeof Partner>;

export const CreatePartner = z
  .strictObject({
    name: Partner.shape.name,
    type: PartnerType.default("reseller"),
    lifecycleStage: LifecycleStage.default("growing"),
    region: Partner.shape.region,
    partnerManagerId: MemberId.nullable().default(null),
    executiveSponsorId: MemberId.nullable().default(null),
    dataStewardId: MemberId.nullable().default(null),
  })
  .meta({ id: "CreatePartner" });
export type CreatePartner = z.infer<typeof CreatePartner>;

export const UpdatePartner = z
  .strictObject({
    name: Partner.shape.name,
    type: PartnerType,
    lifecycleStage: LifecycleStage,
    region: Partner.shape.region,
    partnerManagerId: MemberId.nullable(),
    executiveSponsorId: MemberId.nullable(),
    dataStewardId: MemberId.nullable(),
  })
  .partial()
  .meta({ id: "UpdatePartner" });
export type UpdatePartner = z.infer<typeof UpdatePartner>;
