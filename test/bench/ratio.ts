/** One figure beside its reference, both measured in the same run. */
export interface Ratio {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly reference: number;
  readonly ratio: number;
  readonly gate: number;
  /** Where a ratio may be neither above its gate nor below this. */
  readonly least?: number;
  /** Whether the ratio is to stay below its gate (ours / reference) or to reach it (reference / ours). */
  readonly isCeiling: boolean;
}

export const isMissed = ({ ratio, gate, least = 0, isCeiling }: Ratio): boolean =>
  isCeiling ? ratio > gate || ratio < least : ratio < gate;

const ROUNDS = 15;
const LEAST_MICROSECONDS = 50_000;

export const median = (values: readonly number[]): number =>
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

type Measured = Pick<Ratio, "ours" | "reference" | "unit"> & {
  /** ours / reference, the median over pairs. */
  readonly share: number;
};

const measured = (pairs: readonly (readonly [number, number])[]): Measured => ({
  unit: "µs of CPU",
  ours: median(pairs.map(([own]) => own)),
  reference: median(pairs.map(([, other]) => other)),
  share: median(pairs.map(([own, other]) => own / other)),
});

/** Each way in turn (A B A B …), in CPU time: others on the machine hardly matter. */
export function cpuBeside(ours: () => void, reference: () => void): Measured {
  const [own, other] = [timesOf(ours), timesOf(reference)];
  return measured(
    Array.from({ length: ROUNDS }, () => [cpuOf(ours, own), cpuOf(reference, other)] as const),
  );
}

/** The same for what has to be waited for, `times` of it in each round. */
export async function cpuBesideAsync(
  ours: () => Promise<unknown>,
  reference: () => Promise<unknown>,
  times: number,
): Promise<Measured> {
  const cpu = async (run: () => Promise<unknown>): Promise<number> => {
    const before = process.cpuUsage();
    for (let time = 0; time < times; time += 1) await run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / times;
  };
  await cpu(ours);
  await cpu(reference);
  const pairs: (readonly [number, number])[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    pairs.push([await cpu(ours), await cpu(reference)]);
  return measured(pairs);
}
