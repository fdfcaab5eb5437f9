import type { ActionOwner } from "@concord/core/action-item";
import {
  Goal,
  GoalDuty,
  type GoalEvent,
  GoalNote,
  type GoalRepository,
  termsOf,
} from "@concord/core/goal";
import { GoalId } from "@concord/core/id";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { always, isNew } from "../dynamo-table/condition.ts";
import type { Write } from "../dynamo-table/contract.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { page } from "../position.ts";

const personOf = (owner: ActionOwner) =>
  owner.kind === "member" ? owner.memberId : owner.partnerUserId;

export const goalAggregate = (keys: TenantKeys): Aggregate<Goal> => ({
  name: "Goal",
  schema: Goal,
  schemaVersion: 1,
  id: ({ goalId }) => goalId,
  key: ({ goalId }) => keys.goal(goalId),
  indexes: (goal) => ({
    gsi2pk: keys.goalList(goal.partnerId),
    gsi2sk: keys.goalListSort(goal.status, termsOf(goal).dueOn, goal.goalId),
  }),
});

/** One row for each owner of a goal that has not ended; it follows the goal in the same transaction. */
const dutyEntity = (keys: TenantKeys): Entity<GoalDuty> => ({
  name: "GoalDuty",
  schema: GoalDuty,
  schemaVersion: 1,
  key: ({ goalId, side }) => keys.goalDuty(goalId, side),
  indexes: ({ goalId, owner, dueOn }) => ({
    gsi1pk: keys.workList("GOAL", owner),
    gsi1sk: keys.workListSort(dueOn, goalId),
  }),
});

const noteEntity = (keys: TenantKeys): Entity<GoalNote> => ({
  name: "GoalNote",
  schema: GoalNote,
  schemaVersion: 1,
  key: ({ goalId, version }) => keys.goalNote(goalId, version),
});

/** Who answers for it by when, and under which title, is not what these change. */
const keepsDuties = ({ type }: GoalEvent): boolean =>
  type === "goal.noted" || type === "goal.milestone-moved";

export function dynamoGoalRepository(tenant: TenantTable): GoalRepository {
  const { table, keys } = tenant;
  const goals = goalAggregate(keys);
  const duties = dutyEntity(keys);
  const noteRows = noteEntity(keys);

  const dutyWrites = (goal: Goal): Write[] => {
    const { goalId, partnerId, status } = goal;
    const { owners, title, dueOn } = termsOf(goal);
    const isOver = status !== "open" && status !== "proposed";
    return (["vendor", "partner"] as const).map((side) => {
      const duty = { goalId, partnerId, side, owner: owners[side], title, dueOn };
      return isOver
        ? { remove: keys.goalDuty(goalId, side), condition: always }
        : { put: toItem(duties, duty), condition: always };
    });
  };

  return {
    /** AP-504 */
    get: (goalId) => load(tenant, goals, keys.goal(goalId)),

    /** AP-505 */
    ofPartner: (partnerId, status, request) =>
      page(
        table,
        goals,
        {
          index: "gsi2",
          pk: keys.goalList(partnerId),
          ...(status ? { sort: { prefix: keys.goalListPrefix(status) } } : {}),
        },
        request,
        keys.prefix,
      ),

    /** AP-506 */
    workOf: (owner, request) =>
      page(
        table,
        duties,
        { index: "gsi1", pk: keys.workList("GOAL", personOf(owner)) },
        request,
        keys.prefix,
      ),

    /** AP-507, AP-508 */
    save: ({ next, event }, note) => {
      const noted = note ? [{ put: toItem(noteRows, note), condition: isNew }] : [];
      const also = [...(keepsDuties(event) ? [] : dutyWrites(next)), ...noted];
      return save(tenant, goals, next, event, {
        also: also.map((write) => ({ write, otherwise: "version-stale" as const })),
      });
    },

    /** AP-509 */
    notes: (goalId, request) =>
      page(
        table,
        noteRows,
        {
          pk: keys.goal(goalId).pk,
          sort: { prefix: keys.goalNotePrefix },
          order: "descending",
        },
        request,
        keys.prefix,
      ),

    /** AP-510 */
    async toldBy(entries) {
      if (entries.length === 0) return { goals: [], notes: [] };
      const ids = entries.map(({ object }) => ({ ...object, goalId: GoalId.parse(object.id) }));
      const found = await table.getAll([
        ...new Map(ids.map(({ goalId }) => [goalId, keys.goal(goalId)])).values(),
        ...ids.map(({ goalId, version }) => keys.goalNote(goalId, version)),
      ]);
      const ofEntity = (name: string) => found.filter(({ entity }) => entity === name);
      return {
        goals: ofEntity(goals.name).map((item) => fromItem(goals, item)),
        notes: ofEntity(noteRows.name).map((item) => fromItem(noteRows, item)),
      };
    },
  };
}
