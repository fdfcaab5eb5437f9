import { createHash } from "node:crypto";
import { unlessStale, untilFree } from "../contention/index.ts";
import { eventOf } from "../event/index.ts";
import { type DataQualityFlag, presets, type Source, severityOf } from "../source/index.ts";
import type { JobContext } from "./job.ts";
import { type FlagGroup, flagGroups, type RowIndex } from "./row-index.ts";
import { type DefectCount, MAX_DEFECT_COUNTS } from "./schema.ts";

/**
 * Brings the flags of a source to what its index says: absolute counts, so that a repeat changes nothing.
 * @returns how many are open, and what is counted
 */
export async function refreshFlags(
  ctx: JobContext,
  source: Source,
  index: RowIndex,
): Promise<{ readonly open: number; readonly defects: DefectCount[] }> {
  const stored = new Map(
    (await ctx.store.flags.ofSource(source.sourceId)).map((flag) => [flag.flagId, flag]),
  );
  const groups = new Map(
    flagGroups(index, source.sourceId, presets[source.preset]).map((group) => [
      group.flagId,
      group,
    ]),
  );
  let open = 0;
  for (const [flagId, group] of groups) {
    const next = await store(ctx, source, stored.get(flagId), group);
    if (next?.status === "open") open += 1;
  }
  for (const [flagId, flag] of stored) {
    if (!groups.has(flagId)) await store(ctx, source, flag, { ...flag, rows: [] });
  }
  return { open, defects: defectCounts([...groups.values()]) };
}

export const defectCounts = (groups: readonly FlagGroup[]): DefectCount[] =>
  groups
    .map(({ code, column, value, rows }) => ({ code, column, value, rows: rows.length }))
    .sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1))
    .slice(0, MAX_DEFECT_COUNTS);

async function store(
  ctx: JobContext,
  source: Source,
  stored: DataQualityFlag | undefined,
  group: FlagGroup,
): Promise<DataQualityFlag | undefined> {
  let current = stored;
  let isAgain = false;
  const { flag } = await untilFree(ctx.store, async () => {
    if (isAgain) current = await ctx.store.flags.get(group.flagId);
    isAgain = true;
    const next = flagAfter(current, group, source, ctx.now);
    if (next === current) return { flag: current };
    // Rows first: the flag tells of them only once they are there.
    if (next.rowsDigest !== current?.rowsDigest) {
      next.rowPages = await ctx.store.flags.putRows(
        group.flagId,
        group.rows,
        current?.rowPages ?? 0,
      );
    }
    const { openRows } = next;
    const event = eventOf("data-quality-flag.counted", ctx.actor, ctx.now, { openRows });
    return unlessStale(async () => {
      await ctx.store.flags.save(next, event);
      return { flag: next };
    });
  });
  return flag;
}

/** The flag of a group as it stands now; the same object where nothing is different. */
export function flagAfter(
  current: DataQualityFlag | undefined,
  { flagId, code, column, value, rows }: FlagGroup,
  { sourceId, ownerId }: Source,
  now: Date,
): DataQualityFlag {
  const openRows = rows.length;
  const hash = createHash("sha256");
  for (const row of rows) hash.update(`${row.row}:${row.externalId}:${row.partnerId};`);
  const rowsDigest = hash.digest("base64url").slice(0, 22);
  const at = now.toISOString();
  const waivedRows = current?.waivedRows ?? 0;
  const isWaived = current?.status === "waived" && openRows <= waivedRows;
  const status = openRows === 0 ? "resolved" : isWaived ? "waived" : "open";
  if (
    current &&
    current.openRows === openRows &&
    current.rowsDigest === rowsDigest &&
    current.status === status &&
    current.ownerId === ownerId
  ) {
    return current;
  }
  return {
    flagId,
    sourceId,
    code,
    column,
    value,
    severity: code === "amount-zero" && value === "Won" ? "warning" : severityOf[code],
    ownerId,
    status,
    openRows,
    waivedRows: isWaived ? waivedRows : 0,
    waivedReason: isWaived ? (current?.waivedReason ?? null) : null,
    rowsDigest,
    rowPages: current?.rowPages ?? 0,
    version: (current?.version ?? 0) + 1,
    openedAt: current && current.status !== "resolved" ? current.openedAt : at,
    changedAt: at,
  };
}
