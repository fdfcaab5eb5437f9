export {
  type Actor,
  ActorRef,
  type MemberActor,
  MemberRole,
  type PartnerActor,
  PartnerRole,
  refOf,
  type SystemActor,
} from "./actor.ts";
export {
  type ActorWith,
  holds,
  type Permission,
  permissions,
  requirePermission,
} from "./permission.ts";
