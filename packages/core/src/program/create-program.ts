import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { ProgramId } from "../id/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { create } from "./program.ts";
import type { ProgramStore } from "./repository.ts";
import type { CreateProgram, Program, ProgramDefinition, ProgramTemplate } from "./schema.ts";
import { programTemplates } from "./templates.ts";

/** @throws DomainError permission-denied */
export async function createProgram(
  ctx: RequestContext<ProgramStore & TenantProfileStore>,
  input: CreateProgram,
): Promise<Program> {
  const by = requirePermission(ctx.actor, "program:write");
  const draft =
    input.from === "draft" ? input.draft : await fromTemplate(ctx, input.from, input.name);
  const { next, event } = create(ctx.mint(ProgramId), draft, by, ctx.now);
  await ctx.store.programs.save(next, event);
  return next;
}

async function fromTemplate(
  ctx: RequestContext<TenantProfileStore>,
  template: ProgramTemplate,
  name: string | undefined,
): Promise<ProgramDefinition> {
  const { currency } = (await ctx.store.tenant.get()) ?? raise("tenant-not-found");
  return programTemplates[template](currency, name);
}
