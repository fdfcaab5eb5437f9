import type { DueRecord, Removable } from "@concord/core/retention";
import { actionItemAggregate } from "../action-item/dynamo-action-item-repository.ts";
import type { Aggregate, TenantTable } from "../aggregate.ts";
import { planAggregate } from "../development-plan/dynamo-development-plan-repository.ts";
import { disputeAggregate } from "../dispute/dynamo-dispute-repository.ts";
import { fromItem } from "../entity.ts";
import { goalAggregate } from "../goal/dynamo-goal-repository.ts";
import { importAggregate } from "../import/index-rows.ts";
import type { Key } from "../keys/index.ts";
import { factReportAggregate } from "../opportunity/fact-report-rows.ts";
import { everyItem } from "../position.ts";
import { contributionAggregate, sessionAggregate } from "../review/dynamo-review-repository.ts";

// biome-ignore lint/suspicious/noExplicitAny: aggregates of different values; each reads its own row alone
type AnyAggregate = Aggregate<any>;

interface Place {
  readonly aggregate: AnyAggregate;
  readonly key: Key;
  /** The whole partition is the record's own, but for rows with this prefix. */
  readonly but?: string;
  /** Its partition holds other records too: its events alone, by their prefix. */
  readonly eventsOf?: string;
}

function placeOf({ keys }: TenantTable, record: DueRecord): Place {
  switch (record.kind) {
    case "contribution": {
      const aggregate = contributionAggregate(keys);
      const key = keys.contribution(record, record.at, record.contributionId);
      return { aggregate, key, eventsOf: record.contributionId };
    }
    case "session": {
      const id = `${record.cycleId}.${record.partnerId}`;
      return { aggregate: sessionAggregate(keys), key: keys.session(record), eventsOf: id };
    }
    case "dispute": {
      const key = keys.dispute(record, record.disputeId);
      return { aggregate: disputeAggregate(keys), key, eventsOf: record.disputeId };
    }
    case "fact-report": {
      const key = keys.factReport(record.partnerId, record.factReportId);
      return { aggregate: factReportAggregate(keys), key, eventsOf: record.factReportId };
    }
    case "action-item":
      return { aggregate: actionItemAggregate(keys), key: keys.actionItem(record.actionItemId) };
    case "goal":
      return { aggregate: goalAggregate(keys), key: keys.goal(record.goalId) };
    case "development-plan":
      return { aggregate: planAggregate(keys), key: keys.plan(record.planId) };
    case "import": {
      // The manifests are the record of facts, which stay.
      const aggregate = importAggregate(keys);
      return { aggregate, key: keys.import(record.importId), but: keys.importChunkPrefix };
    }
  }
}

/** Undefined where the record is not there any more, or was changed since it was found. */
export async function removableOf(
  tenant: TenantTable,
  record: DueRecord,
): Promise<Removable | undefined> {
  const { table, keys } = tenant;
  const { aggregate, key, but, eventsOf } = placeOf(tenant, record);
  const item = await table.get(key);
  if (!item) return undefined;
  const value = fromItem<{ version: number }>(aggregate, item);
  if (value.version !== record.version) return undefined;
  const { pk } = key;
  const rows: Key[] = [];
  const sort = eventsOf && { prefix: keys.eventPrefix(aggregate.name, eventsOf) };
  for await (const row of everyItem(table, { pk, ...(sort ? { sort } : {}) })) {
    const sk = String(row["sk"]);
    if (sk === key.sk || (but !== undefined && sk.startsWith(but))) continue;
    rows.push({ pk, sk });
  }
  const { name: type } = aggregate;
  return {
    record,
    object: { type, id: aggregate.id(value), version: value.version },
    rows: [...rows, key],
  };
}
