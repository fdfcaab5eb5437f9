export { TIMER_SHARDS, type TimerRepository, type TimerStore } from "./repository.ts";
export { SetTimer, TickReport, Timer, TimerKind } from "./schema.ts";
export { type TickHealth, tickHealth } from "./tick-health.ts";
export {
  cycleOpenSubject,
  cycleOpenTimer,
  dayAfter,
  firstOpeningTimer,
  freezingAt,
  type NextOpening,
  openingAt,
  periodAhead,
  periodFrom,
  type ReScoredVersion,
  reScoreSubject,
  reScoreTimer,
} from "./timer.ts";
