import { requirePermission } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import type { AliasId, ImportId, SourceId } from "../id/index.ts";
import { factFromFeed, factOf, type IndexEntry, type Opportunity } from "../opportunity/index.ts";
import { defectsOfBits, type Source, textKey } from "../source/index.ts";
import { jobOfAlias } from "./add-alias.ts";
import { type ChunkWriter, monthsOfValues, openChunkWriter } from "./chunk-writer.ts";
import {
  claim,
  isEnded,
  type JobContext,
  type JobOutcome,
  type JobPorts,
  release,
  start,
} from "./job.ts";
import { endJob, openJob } from "./job-index.ts";
import { type RunRules, rulesOf } from "./judge-rows.ts";
import { parseRow } from "./parse-row.ts";
import { partnerNames } from "./partner-names.ts";
import type { RowIndex } from "./row-index.ts";
import { unlessOvertaken } from "./run-import.ts";
import { type Import, noProgress, type Scope, type SourceState } from "./schema.ts";

/** The job of an alias, however often it is asked for. @throws DomainError import-not-found */
export async function applyAlias(
  ctx: JobContext,
  ports: JobPorts,
  { sourceId, aliasId }: { readonly sourceId: SourceId; readonly aliasId: AliasId },
): Promise<JobOutcome> {
  const alias = await ctx.store.sources.getAlias(sourceId, aliasId);
  if (!alias) raise("import-not-found", "There is no such alias");
  return runReevaluation(ctx, ports, jobOfAlias(alias));
}

/**
 * Looks at stored rows again with today's price list, aliases and partners. Safe to start any number of times.
 * @throws DomainError import-not-found | permission-denied
 */
export async function runReevaluation(
  ctx: JobContext,
  ports: JobPorts,
  importId: ImportId,
): Promise<JobOutcome> {
  requirePermission(ctx.actor, "import:run");
  const job = (await ctx.store.imports.get(importId)) ?? raise("import-not-found");
  const { scope } = job;
  if (scope === null) raise("import-not-found", "This job reads a file");
  if (isEnded(job)) {
    await release(ctx, job);
    return { status: "ended", import: job };
  }
  const source = (await ctx.store.sources.get(job.sourceId)) ?? raise("source-not-found");
  return unlessOvertaken(ctx, importId, async () => {
    const state = await claim(ctx, ports, job);
    if (!state) return { status: "busy" };
    return lookAgain(ctx, ports, await start(ctx, job), source, scope, state);
  });
}

async function lookAgain(
  ctx: JobContext,
  ports: JobPorts,
  job: Import,
  source: Source,
  scope: Scope,
  state: SourceState,
): Promise<JobOutcome> {
  const { index, written, ordinals } = await openJob(ctx, state, job.importId);
  const rules = await rulesOf(ctx, source, job);
  const writer = openChunkWriter(ctx, job, index, ordinals);
  // A run that goes on counts what those before it looked at and wrote.
  const read = new Set(written);
  if (scope.kind !== "held-rows") {
    for (const [externalId, known] of [...index]) {
      if (!isInScope(scope, known) || read.has(externalId)) continue;
      read.add(externalId);
      if (ports.shouldPause()) {
        await writer.stop();
        return { status: "paused" };
      }
      const { partnerId, digest } = known;
      const make = reassessed.bind(undefined, rules);
      const releases = false;
      await writer.add({ externalId, digest, partnerId, known, months: "", releases, make });
    }
  }
  const rowsHeld = await releaseHeld(ctx, rules, writer, index, read);
  await writer.finish();
  const rowsChanged = written.size + writer.rowsWritten();
  return endJob(ctx, job, source, {
    state,
    index,
    progress: { ...noProgress, rowsRead: read.size, rowsHeld, rowsChanged },
  });
}

const isInScope = (scope: Exclude<Scope, { kind: "held-rows" }>, entry: IndexEntry): boolean =>
  scope.kind === "product"
    ? textKey(entry.product) === textKey(scope.product)
    : defectsOfBits(entry.defects).includes("product-unknown");

/** The same values under today's price list. */
function reassessed(rules: RunRules, before: Opportunity | undefined): Opportunity | undefined {
  if (!before) return undefined;
  const row = before.defects[0]?.row ?? before.row ?? 1;
  return factOf(rules, before, row, { ...before, revision: before.revision + 1 });
}

/** @param read takes what is looked at. @returns how many rows stay held */
async function releaseHeld(
  ctx: JobContext,
  rules: RunRules,
  writer: ChunkWriter,
  index: RowIndex,
  read: Set<string>,
): Promise<number> {
  const namedPartner = partnerNames(ctx);
  let stay = 0;
  for await (const held of ctx.store.sources.heldRows(rules.sourceId)) {
    const { externalId, digest, importId, row, cells } = held;
    read.add(externalId);
    const fileRow = { row, cells: cells as Parameters<typeof parseRow>[0]["cells"] };
    const parsed = parseRow(fileRow, rules.preset, rules.currency);
    const place =
      "error" in parsed
        ? { held: held.reason }
        : rules.catalog.partnerOf(parsed.partner, await namedPartner(parsed.partner));
    if ("error" in parsed || "held" in place) {
      stay += 1;
      continue;
    }
    const known = index.get(externalId);
    const partnerId = known?.isPinned ? known.partnerId : place.partnerId;
    const fed = { externalId, partnerId, values: parsed.values, importId, row };
    const make = factFromFeed.bind(undefined, rules, fed);
    const months = monthsOfValues(parsed.values);
    await writer.add({ externalId, digest, partnerId, known, months, releases: true, make });
  }
  return stay;
}
