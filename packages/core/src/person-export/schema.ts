import { z } from "zod";
import { MemberRole, PartnerRole } from "../actor/index.ts";
import { ApiKeyView } from "../api-key/index.ts";
import { AuditEvent } from "../audit/index.ts";
import { CalendarDate } from "../calendar/index.ts";
import { Dispute } from "../dispute/index.ts";
import { Goal, GoalNote } from "../goal/index.ts";
import { Duty } from "../handover/index.ts";
import { PersonId, TenantId } from "../id/index.ts";
import { InvitationView } from "../invitation/index.ts";
import { LoginChoice, LoginSession } from "../login/index.ts";
import { DisplayName, EmailAddress, MembershipId, Person } from "../person/index.ts";
import { IndicatorRating } from "../rating/index.ts";
import { Contribution } from "../review/index.ts";
import { SecurityEventView } from "../security-event/index.ts";

/** One thing that the person did in a tenant, with what they wrote: a contribution to a review, in a dispute, a rating, a goal. */
export const OwnActivity = AuditEvent.extend({
  contribution: Contribution.optional(),
  dispute: Dispute.optional(),
  rating: IndicatorRating.optional(),
  goal: Goal.optional(),
  goalNote: GoalNote.optional(),
}).meta({ id: "OwnActivity" });
export type OwnActivity = z.infer<typeof OwnActivity>;

/** What one tenant has of the person. */
export const ExportedMembership = LoginChoice.extend({
  displayName: DisplayName,
  email: EmailAddress,
  roles: z.array(z.union([MemberRole, PartnerRole])),
  status: z.enum(["active", "ended"]),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  loginSessions: z.array(
    LoginSession.pick({
      sessionId: true,
      method: true,
      client: true,
      createdAt: true,
      lastUsedAt: true,
    }).extend({ expiresAt: z.iso.datetime() }),
  ),
  singleSignOn: z.array(
    z.object({ issuer: z.string(), subject: z.string(), linkedAt: z.iso.datetime() }),
  ),
  apiKeys: z.array(ApiKeyView),
  /** What is open and theirs, up to a thousand of each kind. */
  duties: z.array(Duty),
  /** The first thousand things they did; GET /v1/me/activity has them all. */
  activity: z.array(OwnActivity),
  hasMoreActivity: z.boolean(),
}).meta({ id: "ExportedMembership" });
export type ExportedMembership = z.infer<typeof ExportedMembership>;

/** Everything of one person. */
export const PersonExport = z
  .object({
    exportedAt: z.iso.datetime(),
    person: z.object({
      personId: PersonId,
      email: Person.shape.email,
      hasPassword: z.boolean(),
      createdAt: z.iso.datetime(),
    }),
    /** Null where the log-in proves one tenant alone. */
    secondFactor: z.object({ isOn: z.boolean(), since: z.iso.datetime().nullable() }).nullable(),
    /** The newest thousand; GET /v1/me/security-events has them all. */
    securityEvents: z.array(SecurityEventView),
    /** Ended ones too. */
    memberships: z.array(ExportedMembership),
    /** Every one that was ever sent to their address, in any tenant. */
    invitations: z.array(InvitationView.omit({ invitedBy: true }).extend({ tenantId: TenantId })),
  })
  .meta({ id: "PersonExport" });
export type PersonExport = z.infer<typeof PersonExport>;

export const ActivityQuery = z.strictObject({
  /** One of your own, ended or not; the one you are in without it. */
  membershipId: MembershipId.optional(),
  /** UTC days, both included, 31 at most; the last 31 days without them. */
  from: CalendarDate.optional(),
  to: CalendarDate.optional(),
});
export type ActivityQuery = z.infer<typeof ActivityQuery>;
