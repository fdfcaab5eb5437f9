import type { RequestContext } from "@concord/core/context";
import { PersonId, type TenantId } from "@concord/core/id";
import { MembershipId, type PersonRepository } from "@concord/core/person";
import {
  finishMembershipErasure,
  finishPersonErasure,
  type PersonErasureRepository,
  type TracesStore,
} from "@concord/core/person-erasure";
import type { TimerHandler } from "../timer/run-tick.ts";

export interface PersonErasureTimerDependencies {
  /** Opens the tenant for the system, at this instant. */
  readonly contextOf: (tenantId: TenantId, now: Date) => RequestContext<TracesStore>;
  readonly people: PersonRepository;
  readonly personErasures: PersonErasureRepository;
}

/** Finish what a request began and may have left, whatever the tenant's subscription says. */
export const personErasureTimers = ({
  contextOf,
  people,
  personErasures,
}: PersonErasureTimerDependencies): Readonly<
  Record<"membership-erasure" | "person-erasure", TimerHandler>
> => ({
  async "membership-erasure"({ tenantId, subject }, now) {
    const ctx = { ...contextOf(tenantId, now), personErasures, tenantId };
    await finishMembershipErasure(ctx, MembershipId.parse(subject));
    return "done";
  },

  async "person-erasure"({ tenantId, subject }, now) {
    const { actor } = contextOf(tenantId, now);
    const openTenant = (id: TenantId) => contextOf(id, now).store;
    const ctx = { actor, people, personErasures, openTenant, now };
    await finishPersonErasure(ctx, PersonId.parse(subject));
    return "done";
  },
});
