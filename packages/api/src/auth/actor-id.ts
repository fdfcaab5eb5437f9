import type { Actor } from "@concord/core/actor";

/** What an actor is called within the tenant: in the log, and as the owner of rate buckets. */
export function actorId(actor: Actor): string {
  switch (actor.kind) {
    case "member":
      return actor.memberId;
    case "partner-user":
      return actor.partnerUserId;
    case "system":
      return actor.name;
    case "api-key":
      return actor.apiKeyId;
  }
}
