/** How much faster one way is than another, measured in turn in one process. */
export interface Ratio {
  readonly id: string;
  readonly what: string;
  /** Microseconds of CPU for one round of each, the median. */
  readonly ours: number;
  readonly reference: number;
  /** reference / ours: above 1 ours is faster. */
  readonly ratio: number;
  readonly gate: number;
}

const ROUNDS = 15;
const LEAST_MICROSECONDS = 50_000;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function cpuOf(run: () => void, times: number): number {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

/** As often as it takes for the clock of the CPU to tell. */
function timesOf(run: () => void): number {
  for (let times = 1; ; times *= 2) {
    if (cpuOf(run, times) * times >= LEAST_MICROSECONDS) return times;
  }
}

/** The median over pairs, each way in turn (A B A B …), in CPU time: others on the machine hardly matter. */
export function medianRatio(
  id: string,
  what: string,
  ours: () => void,
  reference: () => void,
  gate: number,
): Ratio {
  const [own, other] = [timesOf(ours), timesOf(reference)];
  const pairs = Array.from({ length: ROUNDS }, () => [cpuOf(ours, own), cpuOf(reference, other)]);
  return {
    id,
    what,
    ours: median(pairs.map(([a = 0]) => a)),
    reference: median(pairs.map(([, b = 0]) => b)),
    ratio: median(pairs.map(([a = 1, b = 0]) => b / a)),
    gate,
  };
}
