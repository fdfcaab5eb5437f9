/** What one mutant is judged with: there are hundreds of them. */
const MUTANT_SHARE = 10;

/**
 * How often a test repeats: the quick figure in every run, the full one with CONCORD_FULL=1, as
 * `pnpm test:full` sets it, and a fraction of the quick one with CONCORD_MUTANTS=1, as `pnpm mutants` does.
 */
export const figure = <T>(quick: T, full: T): T => {
  if (process.env["CONCORD_FULL"] === "1") return full;
  if (process.env["CONCORD_MUTANTS"] !== "1" || typeof quick !== "number") return quick;
  // Shares and limits of time are given the same way.
  return quick < MUTANT_SHARE || quick >= 60_000 ? quick : (Math.ceil(quick / MUTANT_SHARE) as T);
};
