import { MemberId, PartnerId, ProgramId, VoiceId } from "@concord/core/id";
import type { IndicatorRating, RatingChange } from "@concord/core/rating";
import { withVoice } from "@concord/core/rollup";
import { AT, type Exercise, event, exercise, idOf, NOW, type Stores } from "./access-patterns.ts";

const key = { partnerId: idOf(PartnerId), indicatorId: "collaborate", month: "2027-01" };
const rater = idOf(MemberId);
const rating: IndicatorRating = {
  ...key,
  voiceId: idOf(VoiceId),
  side: "vendor",
  by: { kind: "member", memberId: rater },
  programId: idOf(ProgramId),
  programVersion: 1,
  status: "standing",
  value: 4,
  evidence: "Answered every joint question of the quarter within a day",
  changedAt: AT,
  version: 1,
};
const made: RatingChange = { next: rating, event: event("indicator-rating.made") };
const voice = { indicatorId: "collaborate", rater, value: 4, revision: 1 };
const rate = async ({ tenant: { indicatorRatings } }: Stores) => {
  const month = withVoice(rating, undefined, voice, NOW);
  if (!(await indicatorRatings.save(made, month))) throw new Error("the month is taken");
};
const nothing = async () => undefined;

export const ratingExercises: readonly Exercise[] = [
  exercise("AP-500", rate, ({ tenant: { indicatorRatings } }) =>
    indicatorRatings.get({ ...key, rater }),
  ),
  exercise("AP-501", rate, ({ tenant: { indicatorRatings } }) =>
    indicatorRatings.between(key.partnerId, "2027-01", "2027-03"),
  ),
  exercise("AP-502", nothing, rate),
  exercise("AP-503", rate, ({ tenant: { indicatorRatings } }) =>
    indicatorRatings.toldBy([
      { object: { id: [key.partnerId, key.month, key.indicatorId, rater].join(".") } },
    ]),
  ),
];
