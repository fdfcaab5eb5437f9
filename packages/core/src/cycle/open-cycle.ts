import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { DomainError, raise } from "../error/index.ts";
import { currentLinks, type PlaybookStore } from "../playbook/index.ts";
import { type ProgramStore, programFor } from "../program/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import {
  cycleOpenTimer,
  type NextOpening,
  openingAt,
  periodFrom,
  type Timer,
} from "../timer/index.ts";
import { cycleIdOf, open } from "./cycle.ts";
import type { CycleStore } from "./repository.ts";
import type { Cycle } from "./schema.ts";

export type OpeningOutcome =
  | { readonly outcome: "open"; readonly cycle: Cycle }
  /** Zone, calendar or program have changed since the timer was set: this one is right. */
  | { readonly outcome: "too-early"; readonly timer: Timer }
  /** No version of the program is in effect for the period, so nothing is to be opened. */
  | { readonly outcome: "not-in-effect" };

/**
 * Opens the cycle of the first period that starts on `notBefore` or later, with the program version in
 * effect for it. Safe to repeat and to be late: the period follows from the date, not from the clock.
 * @throws DomainError permission-denied | tenant-not-found
 */
export async function openCycle(
  ctx: RequestContext<CycleStore & PlaybookStore & ProgramStore & TenantProfileStore>,
  input: NextOpening,
): Promise<OpeningOutcome> {
  const by = requirePermission(ctx.actor, "cycle:run");
  const { cycles, programs, tenant } = ctx.store;
  const calendar = (await tenant.get()) ?? raise("tenant-not-found");
  const { programId, notBefore, cadence } = input;
  const period = periodFrom(notBefore, cadence, calendar);
  const versions = await programs.versions(programId);
  const version = programFor({ calendar, versions }, { period, programId });
  if (!version) return { outcome: "not-in-effect" };

  const { openAtLocalTime } = version.definition.windows;
  if (ctx.now < openingAt(period, openAtLocalTime, calendar)) {
    const timer = cycleOpenTimer(input, openAtLocalTime, calendar);
    return { outcome: "too-early", timer };
  }
  const playbook = await currentLinks(ctx);
  const { next: opened, event, timers } = open(version, period, calendar, by, ctx.now);
  const next: Cycle = playbook ? { ...opened, playbook } : opened;
  try {
    await cycles.save(next, event, timers);
    return { outcome: "open", cycle: next };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "cycle-exists") throw error;
    const cycle = (await cycles.get(cycleIdOf(programId, period))) ?? raise("cycle-not-found");
    return { outcome: "open", cycle };
  }
}
