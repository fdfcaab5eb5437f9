import { z } from "zod";
import { PartnerId, ProgramId } from "../id/index.ts";

/** What somebody can be assigned to at one partner, or within one program. */
export const AssignedDuty = z
  .enum(["data-collector", "moderator", "plan-signatory"])
  .meta({ id: "AssignedDuty" });
export type AssignedDuty = z.infer<typeof AssignedDuty>;

/** One duty of a person, and where: at the partner, or in the program. */
export const HeldDuty = z
  .object({
    duty: AssignedDuty,
    partnerId: PartnerId.nullable(),
    programId: ProgramId.nullable(),
  })
  .meta({ id: "HeldDuty" });
export type HeldDuty = z.infer<typeof HeldDuty>;

/** Where something is done. What belongs to no program, as facts do, belongs to each that reviews the partner. */
export interface Site {
  readonly partnerId: PartnerId;
  readonly programId?: ProgramId;
}

/**
 * The permissions that a duty gives where it is assigned, whatever roles its holder has. Of the
 * partner's people nobody resolves reports: these are their own side's.
 */
export const dutyPermissions = {
  "data-collector": {
    member: ["import:create", "opportunity:correct", "fact-report:resolve", "figure:put"],
    partner: ["import:create", "import:read", "opportunity:correct", "figure:put"],
  },
  moderator: { member: ["review:conduct"], partner: [] },
  "plan-signatory": { member: [], partner: ["development-plan:accept"] },
} as const satisfies Record<
  AssignedDuty,
  { readonly member: readonly string[]; readonly partner: readonly string[] }
>;

/** What some duty gives somebody of a partner. */
export type PartnerDutyPermission = (typeof dutyPermissions)[AssignedDuty]["partner"][number];

export const isAt = ({ partnerId, programId }: HeldDuty, site: Site): boolean =>
  partnerId === null
    ? site.programId === undefined || programId === site.programId
    : partnerId === site.partnerId;
