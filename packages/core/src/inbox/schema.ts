import { z } from "zod";
import { ActionItemId, FactReportId, PartnerId, PlanId, TenantId } from "../id/index.ts";
import { MembershipId } from "../person/index.ts";

/** One thing that waits for the person. */
export const InboxItem = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("action-item"),
      actionItemId: ActionItemId,
      partnerId: PartnerId,
      text: z.string(),
      dueOn: z.iso.date(),
    }),
    z.object({
      kind: z.literal("plan-approval"),
      planId: PlanId,
      partnerId: PartnerId,
      text: z.string(),
      /** When the plan expires undecided. */
      dueAt: z.iso.datetime(),
    }),
    z.object({
      kind: z.literal("fact-report"),
      factReportId: FactReportId,
      partnerId: PartnerId,
      text: z.string(),
      reportedAt: z.iso.datetime(),
    }),
  ])
  .meta({ id: "InboxItem" });
export type InboxItem = z.infer<typeof InboxItem>;

/** What waits for the person in one membership. */
export const InboxOfMembership = z
  .object({
    tenantId: TenantId,
    tenantName: z.string(),
    membershipId: MembershipId,
    /** Of a partner user. */
    partnerId: PartnerId.nullable(),
    /** Nothing is shown of a tenant that asks for its own single sign-on, or that is closed. */
    access: z.enum(["open", "sso-required", "tenant-closed"]),
    /** Of each kind the most urgent first. */
    items: z.array(InboxItem),
    /** More waits than is shown here; the lists of the tenant have it all. */
    hasMore: z.boolean(),
  })
  .meta({ id: "InboxOfMembership" });
export type InboxOfMembership = z.infer<typeof InboxOfMembership>;
