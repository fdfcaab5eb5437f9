export { type GoalChange, type GoalEvent, termsOf, withOwner } from "./goal.ts";
export { agreeGoal, declineGoal, proposeGoal, proposeGoalAgain } from "./propose-goal.ts";
export { getGoal, listGoalNotes, listGoals } from "./read-goals.ts";
export type { GoalRepository, GoalStore, GoalTold } from "./repository.ts";
export {
  CloseGoal,
  Goal,
  GoalDuty,
  GoalNote,
  type GoalStatus,
  GoalsQuery,
  MoveMilestone,
  ProposeGoal,
  ShownGoal,
  WriteGoalNote,
} from "./schema.ts";
export { closeGoal, moveGoalMilestone, noteOnGoal } from "./track-goal.ts";
