import { raise } from "../error/index.ts";
import { standingOf } from "./edition.ts";
import type { SubscriptionState } from "./schema.ts";

/** What a route wants to do: look, change something, or one of the few things a closed tenant may do. */
export type Intent = "read" | "write" | "always";

/** @throws DomainError tenant-suspended | tenant-closed */
export function requireStanding(state: SubscriptionState, intent: Intent): void {
  if (state === "erased") raise("tenant-closed");
  if (intent === "always") return;
  const standing = standingOf(state);
  if (standing === "closed") raise("tenant-closed");
  if (standing === "read-only" && intent === "write") raise("tenant-suspended");
}
