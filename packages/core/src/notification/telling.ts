import type { ActionItemStore } from "../action-item/index.ts";
import type { ConfidentialityStore } from "../confidentiality/index.ts";
import type { RequestContext } from "../context/index.ts";
import type { DevelopmentPlanStore } from "../development-plan/index.ts";
import type { DisputeStore } from "../dispute/index.ts";
import type { SubscriptionStore } from "../edition/index.ts";
import type { StoredEvent } from "../event/index.ts";
import type { InvitationStore } from "../invitation/index.ts";
import type { MemberStore } from "../member/index.ts";
import type { OpportunityStore } from "../opportunity/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import type { TargetStore } from "../target/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import type { TierStore } from "../tier/index.ts";
import type { MailDraft } from "./mail-content.ts";
import type { Recipient } from "./recipients.ts";
import type { MailPlace } from "./review-mail.ts";

/** A draft with those who get it. */
export interface Telling {
  /** What is told, such as `review-opened`. */
  readonly kind: string;
  readonly draft: MailDraft;
  readonly to: readonly Recipient[];
}

export type NotificationContext = RequestContext<
  ActionItemStore &
    ConfidentialityStore &
    DevelopmentPlanStore &
    DisputeStore &
    InvitationStore &
    Pick<MemberStore, "members" | "partnerUsers"> &
    OpportunityStore &
    PartnerStore &
    ProgramStore &
    SubscriptionStore &
    TargetStore &
    TenantProfileStore &
    TierStore
> & {
  /** One-time tokens are derived from it. */
  readonly tokenSecret: Uint8Array;
};

/** What one event calls for. */
export type Teller = (
  ctx: NotificationContext,
  event: StoredEvent,
  place: MailPlace,
) => Promise<readonly Telling[]>;
