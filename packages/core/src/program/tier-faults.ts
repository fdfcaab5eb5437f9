import type { ErrorPlace } from "../error/index.ts";
import type { ProgramDefinition } from "./schema.ts";
import { repeated } from "./segment-faults.ts";

/** Everybody has the first tier; each further one asks for no less than the one before it. */
export function faultsOfTiers({ tiers, ratingBands }: ProgramDefinition): ErrorPlace[] {
  const faults: ErrorPlace[] = [];
  const add = (pointer: string, detail: string) =>
    faults.push({ pointer: `/tiers${pointer}`, detail });
  const placeOf = (id: string | null): number =>
    ratingBands.findIndex(({ ratingId }) => ratingId === id);
  tiers.forEach((tier, index) => {
    const { minimumScore, minimumRatingId, minimumPeriods } = tier;
    const isOpenToAll = minimumScore === null && minimumRatingId === null && minimumPeriods === 0;
    if (index === 0 && !isOpenToAll) add("/0", "the first tier is everybody's: it has no minimum");
    if (minimumRatingId !== null && placeOf(minimumRatingId) < 0) {
      add(`/${index}/minimumRatingId`, `there is no rating ${minimumRatingId}`);
    }
    const below = tiers[index - 1];
    if (!below) return;
    if ((minimumScore ?? 0) < (below.minimumScore ?? 0)) {
      add(`/${index}/minimumScore`, "must not be below that of the tier before it");
    }
    if (placeOf(minimumRatingId) < placeOf(below.minimumRatingId)) {
      add(`/${index}/minimumRatingId`, "must not be below that of the tier before it");
    }
    if (minimumPeriods < below.minimumPeriods) {
      add(`/${index}/minimumPeriods`, "must not be below that of the tier before it");
    }
  });
  return [
    ...faults,
    ...repeated(
      tiers.map(({ tierId }) => tierId),
      (index) => `/tiers/${index}/tierId`,
    ),
  ];
}
