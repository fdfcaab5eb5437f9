import { DomainError } from "../error/index.ts";
import type { Timer } from "../timer/index.ts";
import type { CycleEvent } from "./cycle.ts";
import type { CycleRepository } from "./repository.ts";
import type { Cycle } from "./schema.ts";

/** @returns false where somebody else changed the cycle first: the caller looks again. */
export async function saveUnlessOvertaken(
  cycles: CycleRepository,
  next: Cycle,
  event: CycleEvent,
  timers?: readonly Timer[],
): Promise<boolean> {
  try {
    await cycles.save(next, event, timers);
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === "version-stale") return false;
    throw error;
  }
}
