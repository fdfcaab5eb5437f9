/**
 * How often a test repeats: the quick figure in every run, the full one with CONCORD_FULL=1, as
 * `pnpm test:full` sets it.
 */
export const figure = <T>(quick: T, full: T): T =>
  process.env["CONCORD_FULL"] === "1" ? full : quick;
