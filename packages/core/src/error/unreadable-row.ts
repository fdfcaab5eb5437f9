/** A stored row is of another kind than the one that was read: a defect or somebody's tampering. */
export class UnreadableRow extends Error {
  override readonly name = "UnreadableRow";
}
