import type { Period } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { cycleIdOf } from "../cycle/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { Partner } from "../partner/index.ts";
import { type ProgramDefinition, type PublishedProgram, placeIn } from "../program/index.ts";
import type { ScorecardStore } from "./repository.ts";
import type { CardTerms } from "./schema.ts";

const termOf = (segmentId: string | null | undefined): Pick<CardTerms, "segmentId"> =>
  segmentId === null || segmentId === undefined ? {} : { segmentId };

/** The template that a partner is measured by as it is today. */
export const segmentToday = (
  definition: ProgramDefinition,
  partner: Pick<Partner, "type" | "lifecycleStage">,
): Pick<CardTerms, "segmentId"> => termOf(placeIn(definition, partner)?.segmentId);

/** @param pinned what the partner's review keeps from the opening of its cycle */
const isThere = ({ segments }: ProgramDefinition, pinned: string | null): boolean =>
  pinned === null || segments.some(({ segmentId }) => segmentId === pinned);

/**
 * The template that counts for a partner and period: the one pinned when the cycle opened, before that the one of
 * today. A program without segments costs no request.
 * @throws DomainError partner-not-found
 */
export async function segmentOf(
  ctx: RequestContext<ScorecardStore>,
  { programId, definition }: Pick<PublishedProgram, "programId" | "definition">,
  { partnerId, period }: { readonly partnerId: PartnerId; readonly period: Period },
): Promise<Pick<CardTerms, "segmentId">> {
  if (definition.segments.length === 0) return {};
  const cycleId = cycleIdOf(programId, period);
  const { partner, pinned } = await ctx.store.scorecards.placement({ cycleId, partnerId });
  if (pinned && isThere(definition, pinned.segmentId)) return termOf(pinned.segmentId);
  return segmentToday(definition, partner ?? raise("partner-not-found"));
}
