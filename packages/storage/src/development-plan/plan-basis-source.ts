import type { PlanBasisSource } from "@concord/core/development-plan";
import type { ScorecardRepository } from "@concord/core/scorecard";

/** What the newest frozen card of a review measured; the card names the program version it was scored with. */
export const planBasisSource = (scorecards: ScorecardRepository): PlanBasisSource => ({
  /** AP-142 */
  async of(key) {
    const card = await scorecards.latest(key);
    return (
      card && {
        programId: card.programId,
        programVersion: card.programVersion,
        currency: card.currency,
        metrics: card.metrics.map(({ metricId, name, value }) => ({
          metricId,
          name,
          measure: value,
        })),
      }
    );
  },
});
