import {
  type Decision,
  latestFullAt,
  type Take,
  takeTokens,
  windowOf,
} from "@concord/core/rate-limit";
import type { Condition } from "../dynamo-table/condition.ts";
import type { Table, Update } from "../dynamo-table/contract.ts";
import type { Item } from "../dynamo-table/item.ts";
import type { Key } from "../keys/index.ts";

/** How often a bucket may change under us before that is a failure. */
const ATTEMPTS = 5;
/** The service deletes an idle bucket; a full one and none are the same. */
const SPARE_SECONDS = 60;

/** Where a bucket is stored. */
export interface BucketRow {
  readonly key: Key;
  readonly entity: string;
  /** How long the row stays at least; without it, as long as the bucket is not full. */
  readonly keptMilliseconds?: number;
}

const names = { "#fullAt": "fullAt" };

/**
 * The conditional update that makes true what was decided on `seen`. The table cannot say "the later
 * of two instants", so an idle bucket and a busy one are two updates: one sets, one adds. Adding
 * commutes, so callers of a busy bucket never wait for each other.
 */
function updateOf(
  { key, entity, keptMilliseconds = 0 }: BucketRow,
  { limit, now, seen }: Take,
  { tokens, fullAt }: Taken,
): Update {
  const cost = tokens * limit.emissionMilliseconds;
  const window = windowOf(limit);
  const row = {
    entity,
    schemaVersion: 1,
    expiresAt: Math.ceil((now + Math.max(window, keptMilliseconds)) / 1000) + SPARE_SECONDS,
  };
  const impossible = latestFullAt(limit, now);
  if (seen === undefined || seen <= now || seen > impossible) {
    const isIdle: Condition = {
      expression: "attribute_not_exists(#fullAt) OR #fullAt <= :now OR #fullAt > :impossible",
      names,
      values: { ":now": now, ":impossible": impossible },
    };
    return { key, set: { ...row, fullAt }, condition: isIdle };
  }
  const hasRoom: Condition = {
    expression: "#fullAt > :now AND #fullAt <= :latest",
    names,
    values: { ":now": now, ":latest": now + window - cost },
  };
  return { key, set: row, add: { fullAt: cost }, condition: hasRoom };
}

type Taken = Extract<Decision, { kind: "taken" }>;

const fullAtOf = (item: Item | undefined): number | undefined =>
  typeof item?.["fullAt"] === "number" ? item["fullAt"] : undefined;

/** @returns the decision, and the bucket's row where the table was asked */
export async function takeFrom(
  table: Table,
  row: BucketRow,
  take: Take,
): Promise<{ readonly decision: Decision; readonly item: Item | undefined }> {
  let seen = take.seen;
  let item: Item | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const decision = takeTokens(seen, take.limit, take.wanted, take.now);
    if (decision.kind === "refused") return { decision, item };
    const answer = await table.update(updateOf(row, { ...take, seen }, decision));
    item = answer.item;
    seen = fullAtOf(item);
    if (answer.isApplied) {
      return { decision: { ...decision, fullAt: seen ?? decision.fullAt }, item };
    }
  }
  throw new Error("the rate bucket changed too often");
}
