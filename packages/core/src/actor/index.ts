export {
  type Actor,
  ActorRef,
  type ApiKeyActor,
  type MemberActor,
  MemberRole,
  type PartnerActor,
  PartnerRole,
  refOf,
  type SystemActor,
} from "./actor.ts";
export { ApiKeyScope } from "./api-key-scope.ts";
export {
  type ActorWith,
  holds,
  type Permission,
  permissions,
  permissionsOf,
  requirePermission,
  scopesWith,
} from "./permission.ts";
export { heldBy, holdsRole, requireGrant, requireTake } from "./role-order.ts";
