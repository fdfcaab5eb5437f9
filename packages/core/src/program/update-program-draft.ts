import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { ProgramId } from "../id/index.ts";
import { updateDraft } from "./program.ts";
import type { ProgramStore } from "./repository.ts";
import type { Program, UpdateProgramDraft } from "./schema.ts";

/**
 * Members that are given replace those of the draft whole; published versions stay as they are.
 * @throws DomainError permission-denied | program-not-found | version-stale
 */
export async function updateProgramDraft(
  ctx: RequestContext<ProgramStore>,
  input: { programId: ProgramId; ifVersion: number; changes: UpdateProgramDraft },
): Promise<Program> {
  const by = requirePermission(ctx.actor, "program:write");
  const current = (await ctx.store.programs.get(input.programId)) ?? raise("program-not-found");
  if (current.version !== input.ifVersion) raise("version-stale");
  const { next, event } = updateDraft(current, input.changes, by, ctx.now);
  await ctx.store.programs.save(next, event);
  return next;
}
