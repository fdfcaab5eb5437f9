import {
  type ActorWith,
  type AssignedDuty,
  hasDuty,
  holdsRole,
  type Permission,
  requirePermission,
  type Site,
} from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { holdersOf } from "./assignment.ts";
import type { RosterStore } from "./repository.ts";

/**
 * What is somebody's duty at this partner or in this program is theirs alone: of others of the same
 * side only owners and admins may do it. While nobody has the duty, roles decide. Who has it is known
 * from their membership; the rosters are read, in one request, for the others alone.
 * @throws DomainError permission-denied | duty-of-others
 */
export async function requireDuty<P extends Permission>(
  ctx: RequestContext<RosterStore>,
  duty: AssignedDuty,
  permission: P,
  site: Required<Site>,
): Promise<ActorWith<P>> {
  const by = requirePermission(ctx.actor, permission, site);
  if (hasDuty(ctx.actor, duty, site) || holdsRole(ctx.actor, "admin")) return by;
  const { partnerId, programId } = site;
  const rosters = await ctx.store.rosters.of([
    { partnerId, programId: null },
    { partnerId: null, programId },
  ]);
  const side = ctx.actor.kind === "partner-user" ? "partner-user" : "member";
  if (holdersOf(rosters, duty, side).length > 0) raise("duty-of-others", `It is a ${duty}'s`);
  return by;
}
