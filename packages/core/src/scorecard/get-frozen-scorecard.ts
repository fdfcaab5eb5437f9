import { isOtherPartner, requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { type ProgramStore, pageOf } from "../program/index.ts";
import type { CardInput, FrozenCard } from "./frozen.ts";
import { inputsOfChunk } from "./inputs.ts";
import { type LateChanges, lateChanges } from "./late-changes.ts";
import { type FactStore, readChunks, readFacts, readInputs } from "./read-inputs.ts";
import { type Replay, replay } from "./replay.ts";
import type { ScorecardKey, ScorecardStore } from "./repository.ts";

type CardContext = RequestContext<ScorecardStore>;

/** What a partner user may not see does not exist. */
function requireReadable(ctx: CardContext, { partnerId }: ScorecardKey): void {
  const by = requirePermission(ctx.actor, "scorecard:read");
  if (isOtherPartner(by, partnerId)) raise("scorecard-not-found");
}

/** The newest revision, or the one asked for. @throws DomainError scorecard-not-found */
export async function getFrozenScorecard(
  ctx: CardContext,
  key: ScorecardKey & { readonly revision?: number | undefined },
): Promise<FrozenCard> {
  requireReadable(ctx, key);
  const card =
    key.revision === undefined
      ? await ctx.store.scorecards.latest(key)
      : await ctx.store.scorecards.revision(key, key.revision);
  return card ?? raise("scorecard-not-found");
}

/** Newest first. @throws DomainError scorecard-not-found */
export async function listScorecardRevisions(
  ctx: CardContext,
  key: ScorecardKey,
  page: PageRequest,
): Promise<Page<FrozenCard>> {
  requireReadable(ctx, key);
  const revisions = await ctx.store.scorecards.revisions(key);
  return revisions.length > 0 ? pageOf(revisions, page) : raise("scorecard-not-found");
}

/** The facts behind the newest revision, or the one asked for, by id. @throws DomainError scorecard-not-found | cursor-invalid */
export async function listScorecardInputs(
  ctx: CardContext,
  key: ScorecardKey & { readonly revision?: number | undefined },
  { limit, position }: PageRequest,
): Promise<Page<CardInput>> {
  // A page belongs to the revision its list began with.
  const start = position === undefined ? undefined : placeOf(position);
  const revision = start?.revision ?? key.revision;
  const card = await getFrozenScorecard(ctx, { ...key, revision });
  const items: CardInput[] = [];
  for (
    let { chunk, line } = start ?? { chunk: 0, line: 0 };
    chunk < card.inputChunks;
    chunk += 1, line = 0
  ) {
    const stored = await ctx.store.scorecards.inputs(card, chunk);
    if (!stored) throw new Error(`chunk ${chunk} of a frozen scorecard is missing`);
    const lines = inputsOfChunk(stored);
    const taken = lines.slice(line, line + limit - items.length);
    items.push(...taken);
    const next = line + taken.length;
    if (next < lines.length) return { items, position: `${card.revision}.${chunk}.${next}` };
    if (items.length === limit && chunk + 1 < card.inputChunks) {
      return { items, position: `${card.revision}.${chunk + 1}.0` };
    }
  }
  return { items };
}

function placeOf(position: string): { revision: number; chunk: number; line: number } {
  const [, revision, chunk, line] =
    /^(\d{1,5})\.(\d{1,5})\.(\d{1,5})$/.exec(position) ?? raise("cursor-invalid");
  return { revision: Number(revision), chunk: Number(chunk), line: Number(line) };
}

/** Computes a stored card again from its stored rows alone. @throws DomainError scorecard-not-found */
export async function replayScorecard(
  ctx: RequestContext<ScorecardStore & ProgramStore>,
  key: ScorecardKey & { readonly revision?: number | undefined },
): Promise<Replay> {
  const card = await getFrozenScorecard(ctx, key);
  const chunks = await readChunks(ctx, card);
  const program = await ctx.store.programs.version(card.programId, card.programVersion);
  return replay({ card, chunks, program });
}

/** What changed in the facts since the newest revision was frozen. @throws DomainError scorecard-not-found | scorecard-facts-changing */
export async function getLateChanges(
  ctx: RequestContext<FactStore & ProgramStore & ScorecardStore>,
  key: ScorecardKey,
): Promise<LateChanges> {
  const card = await getFrozenScorecard(ctx, key);
  const program =
    (await ctx.store.programs.version(card.programId, card.programVersion)) ??
    raise("program-version-not-found");
  const current = await readFacts(ctx, card.partnerId, { from: card.from, to: card.to });
  return lateChanges(card, program, await readInputs(ctx, card), current);
}
