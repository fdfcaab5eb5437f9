import type { Item, Table } from "@concord/storage";
import type { Policy } from "../../../../infra/tenant-role.ts";
import { isAllowed } from "./policy.ts";

const ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/concord";

const VERBS = { get: "GetItem", getAll: "BatchGetItem", query: "Query" } as const;

/** The table as a function of a stage may use it: with the rights of a policy, and with the tags of its session. */
export function judgedTable(
  table: Table,
  policyOf: (tableArn: string) => Policy,
  principalTags: Readonly<Record<string, string>> = {},
): Table {
  const policy = policyOf(ARN);
  const judge = (verb: string, partitions: readonly string[], index?: string): void => {
    const request = {
      action: `dynamodb:${verb}`,
      resource: index === undefined ? ARN : `${ARN}/index/${index}`,
      context: { "dynamodb:LeadingKeys": partitions },
      principalTags,
    };
    if (!isAllowed(policy, request)) throw new Error(`no right to ${verb} ${partitions.join()}`);
  };
  const partitionOf = ({ pk }: Item): string => String(pk);
  return {
    name: table.name,
    pause: table.pause,
    permits(how, pk) {
      judge(VERBS[how], [pk]);
      table.permits(how, pk);
    },
    async get(key, options) {
      judge("GetItem", [key.pk]);
      return table.get(key, options);
    },
    async getAll(keys, options) {
      if (keys.length > 0) judge("BatchGetItem", [...new Set(keys.map(({ pk }) => pk))]);
      return table.getAll(keys, options);
    },
    async query(query) {
      judge("Query", [query.pk], query.index);
      return table.query(query);
    },
    async put(item, condition) {
      judge("PutItem", [partitionOf(item)]);
      return table.put(item, condition);
    },
    async remove(key, condition) {
      judge("DeleteItem", [key.pk]);
      return table.remove(key, condition);
    },
    async update(update) {
      judge("UpdateItem", [update.key.pk]);
      return table.update(update);
    },
    async transact(writes) {
      for (const write of writes) {
        if ("put" in write) judge("PutItem", [partitionOf(write.put)]);
        else if ("remove" in write) judge("DeleteItem", [write.remove.pk]);
        else if ("update" in write) judge("UpdateItem", [write.update.pk]);
        else judge("ConditionCheckItem", [write.check.pk]);
      }
      return table.transact(writes);
    },
    metered: (meter) => judgedTable(table.metered(meter), policyOf, principalTags),
  };
}
