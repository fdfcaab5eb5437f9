import { scoringRatios } from "./scoring.ts";

const { compared, ratios } = scoringRatios();
process.stdout.write(`${compared} cases agree with the open peer's way\n`);
for (const { id, what, ours, reference, ratio, gate } of ratios) {
  const shown = `${ratio.toFixed(1)} (gate ${gate}${ratio < gate ? ", missed" : ""})`;
  process.stdout.write(
    `${id}  ${what}: ${ours.toFixed(0)} µs a round, reference ${reference.toFixed(0)} µs, ratio ${shown}\n`,
  );
}
