import { CycleId, PartnerId, ProgramId } from "@concord/core/id";
import { TIMER_SHARDS } from "@concord/core/timer";
import { systemKeys } from "../keys/index.ts";
import {
  AT,
  drain,
  type Exercise,
  event,
  exercise,
  FIRST_PAGE,
  idOf,
  NOW,
  type Stores,
} from "./access-patterns.ts";
import { timer } from "./people-values.ts";
import { cycle, cycleChunk } from "./review-values.ts";
import { cadenceOverride } from "./scoring-values.ts";

const DIGEST = "0".repeat(43);
const open = ({ tenant: { cycles } }: Stores) =>
  cycles.save(cycle(), event("cycle.opened"), [
    timer(),
    timer({ kind: "cycle-freeze" }),
    timer({ kind: "cycle-close" }),
    timer({ kind: "cycle-open" }),
  ]);
const addChunk = async (stores: Stores) => {
  await open(stores);
  await stores.tenant.cycles.addChunk(cycle(), cycleChunk());
};
const kickedOff = cycleChunk({
  done: {
    "kick-off": { doneAt: AT, changed: 100, repaired: 0, openings: Array(100).fill(DIGEST) },
  },
  version: 2,
});
const kickOff = async (stores: Stores) => {
  await addChunk(stores);
  await stores.tenant.cycles.saveChunk(kickedOff);
};
const setTimer = ({ system: { timers } }: Stores) => timers.set(timer());
const shard = [...Array(TIMER_SHARDS).keys()].find(
  (at) => systemKeys.timers(at) === systemKeys.timer(timer()).pk,
);
const tick = {
  at: AT,
  fired: 0,
  waiting: 0,
  failed: 0,
  oldestOverdueAt: null,
  lagSeconds: [],
};
const give = ({ tenant: { cadences } }: Stores) =>
  cadences.save(cadenceOverride(), event("cadence.set"), {
    given: "monthly",
    timers: [timer({ kind: "cycle-open" })],
  });
const overridden = { partnerId: idOf(PartnerId), programId: idOf(ProgramId) };
const nothing = async () => undefined;

export const cycleExercises: readonly Exercise[] = [
  exercise("AP-90", setTimer, ({ system: { timers } }) => drain(timers.due(shard ?? -1, NOW))),
  exercise("AP-91", setTimer, ({ system: { timers } }) => timers.first(shard ?? -1)),
  exercise("AP-92", nothing, setTimer),
  exercise("AP-93", setTimer, ({ system: { timers } }) => timers.remove(timer())),
  exercise("AP-94", nothing, ({ system: { timers } }) => timers.lastTick()),
  exercise("AP-95", nothing, ({ system: { timers } }) => timers.saveTick(tick)),

  exercise("AP-96", open, ({ tenant: { cycles } }) => cycles.get(idOf(CycleId))),
  exercise("AP-97", open, ({ tenant: { cycles } }) => cycles.list(FIRST_PAGE)),
  exercise("AP-98", nothing, open),
  exercise("AP-99", open, ({ tenant: { cycles } }) =>
    cycles.save(cycle({ version: 2, kickedOffAt: AT }), event("cycle.kicked-off")),
  ),
  exercise("AP-100", kickOff, ({ tenant: { cycles } }) => cycles.chunk(idOf(CycleId), 0)),
  exercise("AP-101", kickOff, ({ tenant: { cycles } }) => drain(cycles.chunks(idOf(CycleId)))),
  exercise("AP-102", open, ({ tenant: { cycles } }) => cycles.addChunk(cycle(), cycleChunk())),
  exercise("AP-103", addChunk, ({ tenant: { cycles } }) => cycles.saveChunk(kickedOff)),
  exercise("AP-480", give, ({ tenant: { cadences } }) => cadences.get(overridden)),
  exercise("AP-481", give, ({ tenant: { cadences } }) =>
    cadences.getMany(idOf(ProgramId), [idOf(PartnerId)]),
  ),
  exercise("AP-482", nothing, give),
  exercise("AP-483", give, ({ tenant: { programs } }) => programs.openingRules(idOf(ProgramId))),
  exercise("AP-484", nothing, ({ tenant: { cycles } }) =>
    cycles.openTogether(
      [
        {
          next: cycle({ isByCadence: true }),
          event: event("cycle.opened"),
          timers: [
            timer(),
            timer({ kind: "cycle-freeze" }),
            timer({ kind: "cycle-close" }),
            timer({ kind: "cycle-open" }),
          ],
        },
      ],
      { absent: [idOf(CycleId, 2)], timers: [] },
    ),
  ),
  exercise("AP-390", kickOff, ({ tenant: { audit } }) => audit.openings(`CYCLE#${idOf(CycleId)}`)),
];
