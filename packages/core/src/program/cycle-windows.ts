import { z } from "zod";
import { Side } from "../actor/index.ts";
import {
  addDays,
  type Calendar,
  instantAt,
  ordinalOf,
  type Period,
  periodSpan,
} from "../calendar/index.ts";
import { openingAt } from "../timer/index.ts";
import type { ProgramDefinition } from "./schema.ts";

const Instant = z.iso.datetime();
const Window = z.object({ opensAt: Instant, closesAt: Instant });

/** Who leads a cycle, and when what is done in it; each window ends at the instant it closes. */
export const CycleWindows = z
  .object({
    /** Prepares the review and invites to the session. */
    lead: Side,
    /** In which both sides contribute to the review. */
    contribute: Window,
    /** In which the frozen card is talked about and signed. */
    review: Window,
    /** In which what was agreed is done; null where the program names no end. */
    act: Window.nullable(),
  })
  .meta({ id: "CycleWindows" });
export type CycleWindows = z.infer<typeof CycleWindows>;

/** What a cycle keeps of its windows beside the freeze; a row of earlier has none of it. */
export const keptWindows = {
  lead: Side.optional(),
  /** When contributions end; with the review where it is absent. */
  contributionsCloseAt: Instant.optional(),
  /** When what was agreed is to be done; absent where the program names no end. */
  actClosesAt: Instant.optional(),
};

interface Kept {
  readonly lead?: Side | undefined;
  readonly contributionsCloseAt?: string | undefined;
  readonly actClosesAt?: string | undefined;
}

interface CycleTimes {
  readonly opensAt: string;
  readonly freezesAt: string;
  readonly closesAt: string;
  readonly lead: Side;
  readonly contributionsCloseAt?: string;
  readonly actClosesAt?: string;
}

/** Who leads a period; where sides take turns, its number says so, whatever happened in those before. */
function leadOf({ windows: { lead } }: ProgramDefinition, period: Period): Side {
  if (lead !== "alternating") return lead;
  return ordinalOf(period) % 2 === 0 ? "vendor" : "partner";
}

/** The instants of a cycle, by local wall time on the days that the program counts from the end of the period. */
export function timesOf(
  definition: ProgramDefinition,
  period: Period,
  calendar: Calendar,
): CycleTimes {
  const { windows } = definition;
  const { openAtLocalTime, contributionWindowDays, actWindowDays } = windows;
  const freezesOn = addDays(periodSpan(period, calendar).to, windows.dataWindowDays);
  const closesOn = addDays(freezesOn, windows.reviewWindowDays);
  const at = (on: string) => instantAt(on, openAtLocalTime, calendar).toISOString();
  return {
    opensAt: openingAt(period, openAtLocalTime, calendar).toISOString(),
    freezesAt: at(freezesOn),
    closesAt: at(closesOn),
    lead: leadOf(definition, period),
    ...(contributionWindowDays === null
      ? {}
      : { contributionsCloseAt: at(addDays(freezesOn, contributionWindowDays)) }),
    ...(actWindowDays === null ? {} : { actClosesAt: at(addDays(closesOn, actWindowDays)) }),
  };
}

export const windowsOf = ({
  opensAt,
  freezesAt,
  closesAt,
  lead = "vendor",
  contributionsCloseAt,
  actClosesAt,
}: Pick<CycleTimes, "opensAt" | "freezesAt" | "closesAt"> & Kept): CycleWindows => ({
  lead,
  contribute: { opensAt, closesAt: contributionsCloseAt ?? closesAt },
  review: { opensAt: freezesAt, closesAt },
  act: actClosesAt === undefined ? null : { opensAt: closesAt, closesAt: actClosesAt },
});

/** The same of another row, absent where it is absent there. */
export const keptWindowsOf = ({ lead, contributionsCloseAt, actClosesAt }: Kept) => ({
  ...(lead ? { lead } : {}),
  ...(contributionsCloseAt ? { contributionsCloseAt } : {}),
  ...(actClosesAt ? { actClosesAt } : {}),
});
