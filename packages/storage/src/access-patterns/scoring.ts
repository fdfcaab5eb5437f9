import { PartnerId, ProgramId } from "@concord/core/id";
import { type Exercise, event, exercise, idOf, NOW, type Stores } from "./access-patterns.ts";
import { newMember, tenant, timer } from "./people-values.ts";
import { reviewKey } from "./review-values.ts";
import {
  frozen,
  program,
  publishedProgram,
  rankingEntry,
  rankingPart,
  targetSet,
  targetsProposed,
} from "./scoring-values.ts";

const addProgram = ({ tenant: { programs } }: Stores) =>
  programs.save(program(), event("program.created", program().draft));
const publish = ({ tenant: { programs } }: Stores) =>
  programs.save(program({ version: 2 }), event("program.published"), {
    published: publishedProgram(),
    timers: [timer({ kind: "cycle-open", subject: idOf(ProgramId) })],
  });
const published = async (stores: Stores) => {
  const { tenant: store } = stores;
  await store.tenant.create(tenant(), event("tenant.created"), newMember());
  await addProgram(stores);
  await publish(stores);
};
const freeze = async ({ tenant: { scorecards } }: Stores) => {
  const { card, chunks } = frozen();
  await scorecards.addInputs(card, chunks);
  await scorecards.save(card, event("scorecard.frozen"));
};
const rank = ({ tenant: { rankings } }: Stores) => rankings.save(rankingEntry(), [rankingPart()]);
const propose = ({ tenant: { targets } }: Stores) => targets.save(targetSet(), targetsProposed());
const reScore = ({ tenant: { reScorings } }: Stores) =>
  reScorings.save({
    programId: idOf(ProgramId),
    programVersion: 1,
    status: "running",
    periods: [period],
    partners: 50,
    changed: 12,
    startedAt: NOW.toISOString(),
    finishedAt: null,
    position: "a position",
    version: 1,
  });
const nothing = async () => undefined;
const group = { segment: "reseller.growing", region: "Central" } as const;
const period = "2027-Q1";

export const scoringExercises: readonly Exercise[] = [
  exercise("AP-40", addProgram, ({ tenant: { programs } }) => programs.get(idOf(ProgramId))),
  exercise("AP-41", addProgram, ({ tenant: { programs } }) => programs.list()),
  exercise("AP-42", published, ({ tenant: { programs } }) => programs.versions(idOf(ProgramId))),
  exercise("AP-429", reScore, ({ tenant: { reScorings } }) => reScorings.get(idOf(ProgramId), 1)),
  exercise("AP-470", nothing, reScore),
  exercise("AP-428", published, ({ tenant: { programs } }) => programs.everyVersion()),
  exercise("AP-43", published, ({ tenant: { programs } }) => programs.version(idOf(ProgramId), 1)),
  exercise("AP-44", published, ({ tenant: { programs } }) => programs.scoringRules(NOW)),
  exercise("AP-45", nothing, addProgram),
  exercise("AP-46", addProgram, publish),

  exercise("AP-50", freeze, ({ tenant: { scorecards } }) => scorecards.latest(reviewKey)),
  exercise("AP-51", freeze, ({ tenant: { scorecards } }) => scorecards.revision(reviewKey, 1)),
  exercise("AP-52", freeze, ({ tenant: { scorecards } }) => scorecards.revisions(reviewKey)),
  exercise("AP-53", freeze, ({ tenant: { scorecards } }) => scorecards.beginning(reviewKey)),
  exercise("AP-54", freeze, ({ tenant: { scorecards } }) => scorecards.inputs(frozen().card, 0)),
  exercise("AP-55", nothing, ({ tenant: { scorecards } }) => {
    const { card, chunks } = frozen();
    return scorecards.addInputs(card, chunks);
  }),
  exercise("AP-56", freeze, ({ tenant: { scorecards } }) =>
    scorecards.discardOtherInputs(frozen().card),
  ),
  exercise("AP-57", nothing, ({ tenant: { scorecards } }) =>
    scorecards.save(frozen().card, event("scorecard.frozen")),
  ),

  exercise("AP-431", nothing, ({ tenant: { scorecards } }) => scorecards.placement(reviewKey)),
  exercise("AP-432", propose, ({ tenant: { targets } }) => targets.get(targetSet())),
  exercise("AP-433", propose, ({ tenant: { targets } }) => targets.ofPartner(idOf(PartnerId))),
  exercise("AP-434", propose, ({ tenant: { targets } }) => targets.waiting(period, { limit: 50 })),
  exercise("AP-435", nothing, propose),
  exercise("AP-436", propose, ({ tenant: { liveNumbers } }) =>
    liveNumbers.of(idOf(PartnerId), "2027-03"),
  ),

  exercise("AP-104", rank, ({ tenant: { rankings } }) => rankings.entry(idOf(PartnerId), period)),
  exercise("AP-105", rank, ({ tenant: { rankings } }) =>
    rankings.entries([idOf(PartnerId)], period),
  ),
  exercise("AP-106", rank, ({ tenant: { rankings } }) =>
    rankings.ofGroup(period, group, { limit: 50 }),
  ),
  exercise("AP-107", rank, ({ tenant: { rankings } }) =>
    rankings.countBetween(period, group, { above: 10, below: 101 }),
  ),
  exercise("AP-108", rank, ({ tenant: { rankings } }) => rankings.summary(period)),
  exercise("AP-109", nothing, rank),
];
