import type { PersonId } from "../id/index.ts";
import type { SecurityEvent, SecurityEventKind } from "./schema.ts";

const KEPT_SECONDS = 180 * 86_400;

/** The session or log-in that it happened in. */
export interface Where {
  readonly personId: PersonId;
  readonly client: string;
  readonly tenantId?: SecurityEvent["tenantId"] | undefined;
  readonly membershipId?: SecurityEvent["membershipId"] | undefined;
}

/** @param name of what happens but once at that instant, such as a session */
export const securityEvent = (
  kind: SecurityEventKind,
  { personId, client, tenantId = null, membershipId = null }: Where,
  wallNow: Date,
  name = "",
): SecurityEvent => ({
  ...{ personId, name, kind, client, tenantId, membershipId },
  at: wallNow.toISOString(),
  expiresAt: Math.floor(wallNow.getTime() / 1000) + KEPT_SECONDS,
});
