import type { Cycle } from "@concord/core/cycle";
import type { LocalRuntime } from "../runtime/start-runtime.ts";
import type { Checks } from "./checks.ts";
import type { CrmExport } from "./crm-export.ts";
import type { DemoQuarter } from "./local-time.ts";
import type { Progress } from "./progress.ts";
import type { DevelopmentPlanView, FlagCount } from "./report/model.ts";
import type { DemoPartner, OtherVendor, Vendor } from "./set-up.ts";

/** One run of the demo: what every step works with. */
export interface DemoRun {
  readonly runtime: LocalRuntime;
  readonly data: CrmExport;
  /** Where the figures come from, in words. */
  readonly from: string;
  readonly vendor: Vendor;
  readonly otherVendor: OtherVendor;
  /** The partners whose reviews are held: one of each partner manager. */
  readonly reviewed: readonly DemoPartner[];
  readonly say: Progress;
  readonly checks: Checks;
  /** What the steps found and later ones show. */
  readonly findings: {
    readonly cycles: Map<DemoQuarter, Cycle>;
    flags: FlagCount[];
    planSteps: DevelopmentPlanView["steps"][number][];
    planId: string | null;
    /** The partner whose card is explained, whose review pack is shown and who gets the plan. */
    shown: DemoPartner | null;
    hasShownRefusal: boolean;
  };
}

/** Something that happens at an instant of the business clock. */
export interface DemoEvent {
  readonly at: Date;
  run(): Promise<void>;
}

/** Moves the clock from event to event; what is due in between happens by itself. */
export async function walk(runtime: LocalRuntime, events: readonly DemoEvent[]): Promise<void> {
  for (const { at, run } of events.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    runtime.clock.set(at);
    await runtime.settle();
    await run();
    await runtime.settle();
  }
}

/** The cycle of a quarter, once it has opened. */
export function cycleOf({ findings }: DemoRun, quarter: DemoQuarter): Cycle {
  const cycle = findings.cycles.get(quarter);
  if (!cycle) throw new Error(`the review cycle of ${quarter} has not opened`);
  return cycle;
}
