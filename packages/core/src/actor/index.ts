export {
  type Actor,
  ActorRef,
  type ApiKeyActor,
  actorIdOf,
  isOtherPartner,
  type MemberActor,
  MemberRole,
  onlyPartnerOf,
  type PartnerActor,
  PartnerRole,
  refOf,
  Side,
  type SystemActor,
  sideOf,
} from "./actor.ts";
export { ApiKeyScope } from "./api-key-scope.ts";
export { AssignedDuty, HeldDuty, isAt, type Site } from "./assigned-duty.ts";
export {
  type ActorWith,
  hasDuty,
  holds,
  holdsSomewhere,
  type Permission,
  permissions,
  permissionsOf,
  permissionsOfDuty,
  requirePermission,
  scopesWith,
} from "./permission.ts";
export { heldBy, holdsRole, requireGrant, requireTake } from "./role-order.ts";
