import type { TickReport, TimerRepository } from "@concord/core/timer";

type Log = (line: Readonly<Record<string, unknown>>) => void;

const SELDOM_MILLISECONDS = 60_000;

/**
 * The tick comes every second here, and every minute where it is deployed. One that did what the one before did, and
 * fired nothing, is stored and told of once a minute of the business clock, so that an idle runtime writes next to nothing.
 */
export function quietTicks(deps: { readonly timers: TimerRepository; readonly log: Log }) {
  let last: TickReport | undefined;
  let isTold = true;

  const isNews = (report: TickReport): boolean =>
    last === undefined ||
    report.fired > 0 ||
    report.waiting !== last.waiting ||
    report.failed !== last.failed ||
    Date.parse(report.at) - Date.parse(last.at) >= SELDOM_MILLISECONDS;

  const timers: TimerRepository = {
    ...deps.timers,
    async saveTick(report) {
      isTold = isNews(report);
      if (!isTold) return;
      await deps.timers.saveTick(report);
      last = report;
    },
  };
  const log: Log = (line) => {
    if (line["message"] !== "tick" || isTold) deps.log(line);
  };
  return { timers, log };
}
