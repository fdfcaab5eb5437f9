import type { TenantId } from "@concord/core/id";
import type { Table, Write } from "../dynamo-table/contract.ts";
import type { Item } from "../dynamo-table/item.ts";
import { mayTouchSystem, type Verb } from "./system-partitions.ts";

/** Something of another tenant was about to be sent or handed on. Says what was tried, never whose it was. */
export class EgressRefused extends Error {
  override readonly name = "EgressRefused";
  constructor(what: string) {
    super(`the egress guard refused ${what}`);
  }
}

/** What every partition of a tenant begins with; written here as well as where keys are made, so that one checks the other. */
export const beginningOf = (tenantId: TenantId): string => `T#${tenantId}#`;

const indexPartitions = ["gsi1pk", "gsi2pk"] as const;
const TENANT = /ten_[0-9A-HJKMNP-TV-Z]{26}/g;

/**
 * The table as one tenant may use it. It judges by the keys that go out and the rows that come back,
 * and knows nothing of who spelled them: a mistake in a repository or in the door stops here.
 * @throws EgressRefused by every method, before anything foreign is sent or handed on
 */
export function guardedTable(table: Table, tenantId: TenantId): Table {
  const own = beginningOf(tenantId);
  const isOwn = (pk: unknown): boolean => typeof pk === "string" && pk.startsWith(own);

  /** A key, a start key or a row: every partition it names, and the tenant it is stamped with. */
  const isWithin = (verb: Verb, row: Item): boolean => {
    const { pk } = row;
    const mayTouch =
      isOwn(pk) || (typeof pk === "string" && mayTouchSystem(verb, { ...row, pk }, tenantId));
    const isStamped = row["tenantId"] !== undefined && row["tenantId"] !== tenantId;
    const isListed = indexPartitions.every((name) => row[name] === undefined || isOwn(row[name]));
    return mayTouch && !isStamped && isListed;
  };
  const check = (verb: Verb, row: Item): void => {
    if (!isWithin(verb, row)) throw new EgressRefused(`to ${verb} outside of the request's tenant`);
  };
  /** What the table answered. */
  const checkFound = (verb: Verb, row: Item): void => {
    if (isWithin(verb, row)) return;
    throw new EgressRefused(`to hand on what a ${verb} found outside of the request's tenant`);
  };
  const checkWrite = (write: Write): void => {
    if ("put" in write) check("put", write.put);
    else if ("remove" in write) check("remove", { ...write.remove });
    else if ("update" in write) {
      check("update", { ...write.update });
      const set = Object.values(write.condition.values ?? {});
      if (set.some((value) => typeof value === "string" && /^T#/.test(value) && !isOwn(value))) {
        throw new EgressRefused("to update a row with a key outside of the request's tenant");
      }
    } else check("check", { ...write.check });
  };

  return {
    name: table.name,
    pause: table.pause,

    permits(how, pk) {
      check(how === "getAll" ? "get" : how, { pk });
      table.permits(how, pk);
    },

    async get(key, options) {
      check("get", { ...key });
      const item = await table.get(key, options);
      if (item) checkFound("get", item);
      return item;
    },

    async getAll(keys, options) {
      for (const key of keys) check("get", { ...key });
      const items = await table.getAll(keys, options);
      for (const item of items) checkFound("get", item);
      return items;
    },

    async query(query) {
      check("query", { pk: query.pk });
      if (query.after) check("query", query.after);
      const answer = await table.query(query);
      for (const item of answer.items) checkFound("query", item);
      if (answer.last) checkFound("query", answer.last);
      return answer;
    },

    async put(item, condition) {
      check("put", item);
      return table.put(item, condition);
    },

    async remove(key, condition) {
      check("remove", { ...key });
      return table.remove(key, condition);
    },

    async update(update) {
      check("update", { ...update.set, ...update.key });
      const answer = await table.update(update);
      if (answer.item) checkFound("update", answer.item);
      return answer;
    },

    async transact(writes) {
      for (const write of writes) checkWrite(write);
      return table.transact(writes);
    },

    metered: (meter) => guardedTable(table.metered(meter), tenantId),
  };
}

/**
 * Refuses the position of a list that names another tenant, in its text or in what the text encodes.
 * @throws EgressRefused
 */
export function checkPosition(position: string, tenantId: TenantId): void {
  const decoded = Buffer.from(position, "base64url").toString("utf8");
  const named = `${position}\n${decoded}`.match(TENANT) ?? [];
  if (named.some((one) => one !== tenantId)) {
    throw new EgressRefused("a cursor that points outside of the request's tenant");
  }
}
