import type { Period } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import { getScorecard, type ScorecardStore } from "../scorecard/index.ts";
import type { SupposedCard, WhatIf } from "./schema.ts";
import { suppose } from "./what-if.ts";

/**
 * A partner's card of a period, live or frozen, as it would be. Reads what the card itself reads, and
 * writes nothing.
 * @throws DomainError permission-denied | partner-not-found | scorecard-without-program | what-if-invalid
 */
export async function tryWhatIf(
  ctx: RequestContext<PartnerStore & ProgramStore & ScorecardStore>,
  { partnerId, period }: { readonly partnerId: PartnerId; readonly period: Period },
  input: WhatIf,
): Promise<SupposedCard> {
  const { programId } = input;
  const { status, card } = await getScorecard(ctx, { partnerId, period, programId });
  const { versions } = await ctx.store.programs.scoringRules(ctx.now);
  const program =
    versions.find(
      (one) => one.programId === card.programId && one.version === card.programVersion,
    ) ?? raise("program-version-not-found");
  const supposed = suppose(card, program, input);
  if ("faults" in supposed) return raise("what-if-invalid", undefined, supposed.faults);
  return { status, ...supposed };
}
