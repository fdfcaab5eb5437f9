import { onlyPartnerOf, requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { ProgramId } from "../id/index.ts";
import { pageOf } from "./page-of.ts";
import type { ProgramStore } from "./repository.ts";
import type { Program, PublishedProgram } from "./schema.ts";

/** The head with its draft; partners see published versions only. @throws DomainError program-not-found */
export async function getProgram(
  ctx: RequestContext<ProgramStore>,
  programId: ProgramId,
): Promise<Program> {
  requirePermission(ctx.actor, "program:read");
  return (await ctx.store.programs.get(programId)) ?? raise("program-not-found");
}

/** Oldest first. @throws DomainError permission-denied */
export async function listPrograms(
  ctx: RequestContext<ProgramStore>,
  page: PageRequest,
): Promise<Page<Program>> {
  requirePermission(ctx.actor, "program:read");
  return pageOf(await ctx.store.programs.list(), page);
}

/** Oldest first: what is measured, how, and with which weight is open to both sides. @throws DomainError program-not-found */
export async function listProgramVersions(
  ctx: RequestContext<ProgramStore>,
  programId: ProgramId,
  page: PageRequest,
): Promise<Page<PublishedProgram>> {
  requirePermission(ctx.actor, "program-version:read");
  const versions = await ctx.store.programs.versions(programId);
  if (versions.length > 0) return pageOf(versions, page);
  if (onlyPartnerOf(ctx.actor) !== undefined) return raise("program-not-found");
  return (await ctx.store.programs.get(programId)) ? { items: [] } : raise("program-not-found");
}

/** @throws DomainError program-version-not-found */
export async function getProgramVersion(
  ctx: RequestContext<ProgramStore>,
  key: { programId: ProgramId; version: number },
): Promise<PublishedProgram> {
  requirePermission(ctx.actor, "program-version:read");
  return (
    (await ctx.store.programs.version(key.programId, key.version)) ??
    raise("program-version-not-found")
  );
}
