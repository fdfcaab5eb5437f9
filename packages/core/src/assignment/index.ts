export {
  type HolderChange,
  type HolderState,
  isSameHolder,
  membersWith,
  moveAssignment,
  type RosterChange,
  withoutHolder,
} from "./assignment.ts";
export {
  assign,
  atPartner,
  endAssignment,
  getAssignments,
  inProgram,
  listPastAssignments,
} from "./manage-assignments.ts";
export type {
  MostAssignedStore,
  RosterRepository,
  RosterStore,
  SignatureStore,
} from "./repository.ts";
export { requireDuty } from "./require-duty.ts";
export {
  Assign,
  Assignments,
  DutyHolder,
  MOST_OF_A_PERSON,
  PastAssignment,
  Roster,
  Scope,
} from "./schema.ts";
