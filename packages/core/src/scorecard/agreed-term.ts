import type { Period } from "../calendar/index.ts";
import type { PublishedProgram } from "../program/index.ts";
import { agreedFor, type TargetSet } from "../target/index.ts";
import type { CardTerms } from "./schema.ts";

/** What was agreed with a partner for a period. */
export function agreedTerm(
  targets: readonly TargetSet[],
  { programId }: Pick<PublishedProgram, "programId">,
  period: Period,
): Pick<CardTerms, "agreedTargets"> {
  const agreedTargets = agreedFor(targets, { programId, period });
  return agreedTargets ? { agreedTargets } : {};
}
