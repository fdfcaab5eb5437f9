import { z } from "zod";
import { ActorRef, MemberRole, PartnerRole } from "../actor/index.ts";
import { CalendarDate } from "../calendar/index.ts";
import { Classification, ClassifiedRecord, InformationName } from "../classification/index.ts";
import { PartnerId } from "../id/index.ts";

/** Which roles of each side see what is of a class. */
export const RolesOfClass = z
  .strictObject({
    members: z.array(MemberRole).max(MemberRole.options.length),
    partners: z.array(PartnerRole).max(PartnerRole.options.length),
  })
  .meta({ id: "RolesOfClass" });
export type RolesOfClass = z.infer<typeof RolesOfClass>;

export const InformationClasses = z
  .partialRecord(InformationName, Classification)
  .meta({ id: "InformationClasses", example: { "opportunity.amount": "confidential" } });
export type InformationClasses = z.infer<typeof InformationClasses>;

/** The shortest and the longest that reads of confidential information are kept. */
export const READS_KEPT = { least: 30, most: 1_096 } as const;

const rules = {
  /** `shared` is for everybody of both sides, `internal` for everybody of the vendor. */
  classes: z.strictObject({ confidential: RolesOfClass, restricted: RolesOfClass }),
  /** What is not named has its usual class. */
  information: InformationClasses,
  /** Whether a partner and the vendor together may agree on a wider class for that partner. */
  allowsAgreements: z.boolean(),
  /** How long it is kept who read what was confidential. */
  readsKeptDays: z.number().int().min(READS_KEPT.least).max(READS_KEPT.most),
};

export const ConfidentialityRules = z
  .object({
    ...rules,
    /** 0 while nobody has changed anything. */
    version: z.number().int().nonnegative(),
    updatedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "ConfidentialityRules" });
export type ConfidentialityRules = z.infer<typeof ConfidentialityRules>;

export const SetConfidentialityRules = z
  .strictObject(rules)
  .meta({ id: "SetConfidentialityRules" });
export type SetConfidentialityRules = z.infer<typeof SetConfidentialityRules>;

const Acknowledgement = z.object({ by: ActorRef, at: z.iso.datetime() });
/** That a side knows of it and agrees; null until then. */
export const Acknowledgements = z
  .object({ vendor: Acknowledgement.nullable(), partner: Acknowledgement.nullable() })
  .meta({ id: "Acknowledgements" });

/** Wider classes for one partner, in force once both sides have acknowledged them. */
export const ConfidentialityAgreement = z
  .object({
    information: InformationClasses,
    /** The tenant's class of each when it was proposed: where that changes, the agreement rests. */
    insteadOf: InformationClasses,
    reason: z.string(),
    acknowledged: Acknowledgements,
  })
  .meta({ id: "ConfidentialityAgreement" });
export type ConfidentialityAgreement = z.infer<typeof ConfidentialityAgreement>;

/** How the information of one partner is handled otherwise than that of the others. */
export const PartnerConfidentiality = z.object({
  partnerId: PartnerId,
  /** Kept closer, besides what the tenant's rules say. */
  tightened: InformationClasses,
  agreement: ConfidentialityAgreement.nullable(),
  /** 0 while nobody has changed anything. */
  version: z.number().int().nonnegative(),
  updatedAt: z.iso.datetime().nullable(),
});
export type PartnerConfidentiality = z.infer<typeof PartnerConfidentiality>;

/** What a tenant and its partners say; undefined and empty where nobody has said anything. */
export interface RulesInForce {
  readonly rules: ConfidentialityRules | undefined;
  readonly partners: ReadonlyMap<PartnerId, PartnerConfidentiality>;
}

export const TightenConfidentiality = z
  .strictObject({ information: InformationClasses })
  .meta({ id: "TightenConfidentiality" });
export type TightenConfidentiality = z.infer<typeof TightenConfidentiality>;

export const ProposeAgreement = z
  .strictObject({
    information: InformationClasses,
    reason: z.string().trim().min(1).max(500),
  })
  .meta({ id: "ProposeConfidentialityAgreement" });
export type ProposeAgreement = z.infer<typeof ProposeAgreement>;

/** How one kind of information of a partner is handled, for people to read. */
export const HandledInformation = z
  .object({
    information: InformationName,
    /** What it is, in words. */
    what: z.string(),
    classification: Classification,
    /** Who sees it, in words. */
    seenBy: z.string(),
    /** What says so. `derived`: it tells of something that is kept closer. */
    because: z.enum(["usual", "tenant", "tightened", "agreed", "derived"]),
    /** Whether each read of it is recorded. */
    isReadRecorded: z.boolean(),
  })
  .meta({ id: "HandledInformation" });
export type HandledInformation = z.infer<typeof HandledInformation>;

export const InformationHandling = z
  .object({
    ...PartnerConfidentiality.shape,
    /** Whether the agreement is in force now. */
    isAgreementInForce: z.boolean(),
    /** Of the tenant's rules. */
    rulesVersion: z.number().int().nonnegative(),
    handling: z.array(HandledInformation),
    /** How long it is kept who read what is confidential. */
    readsKeptDays: z.number().int(),
  })
  .meta({ id: "InformationHandling" });
export type InformationHandling = z.infer<typeof InformationHandling>;

/** That somebody was shown something confidential or restricted: the first time in an hour. */
export const ConfidentialRead = z
  .object({
    at: z.iso.datetime(),
    /** UTC day. */
    day: CalendarDate,
    by: ActorRef,
    /** Null where it is of no partner, or of more than a hundred at once. */
    partnerId: PartnerId.nullable(),
    record: ClassifiedRecord,
    /** What was shown of each. */
    fields: z.array(z.string()).min(1),
    /** The narrowest of theirs. */
    classification: z.enum(["confidential", "restricted"]),
    /** Of one page at most; of an export the cycle or period. */
    objectIds: z.array(z.string()).max(100),
    /** The operation that showed it. */
    operationId: z.string(),
    /** Of the first request in the hour. */
    requestId: z.string().nullable(),
    /** Epoch second after which it is gone. */
    expiresAt: z.number().int(),
  })
  .meta({ id: "ConfidentialRead" });
export type ConfidentialRead = z.infer<typeof ConfidentialRead>;
/** Before the storage knows which request it is of. */
export type ReadToRecord = Omit<ConfidentialRead, "requestId">;
