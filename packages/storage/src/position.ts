import type { Page, PageRequest } from "@concord/core/context";
import { raise } from "@concord/core/error";
import type { KeyQuery, Table } from "./dynamo-table/contract.ts";
import type { Item } from "./dynamo-table/item.ts";
import { type Entity, fromItem } from "./entity.ts";

/** The start key of the next page, opaque to everybody else. The api package signs it. */
const encode = (last: Item): string => Buffer.from(JSON.stringify(last)).toString("base64url");

/** A position may only point into the partition it is used on. @throws DomainError cursor-invalid */
function decode(position: string, pk: string, pkName: string, prefix: string): Item {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(position, "base64url").toString("utf8"));
  } catch {
    raise("cursor-invalid");
  }
  if (typeof key !== "object" || key === null) raise("cursor-invalid");
  const names = [...new Set(["pk", "sk", pkName, pkName.replace("pk", "sk")])];
  const own = names.every((name) => {
    const value: unknown = Reflect.get(key, name);
    return typeof value === "string" && (!name.endsWith("pk") || value.startsWith(prefix));
  });
  const isKey = own && Object.keys(key).length === names.length;
  if (!isKey || (key as Item)[pkName] !== pk) raise("cursor-invalid");
  return key as Item;
}

/**
 * One page of a partition as entities, in the order of the sort key.
 * @param prefix what every partition key of this caller begins with
 */
export async function page<T>(
  table: Table,
  entity: Entity<T>,
  query: Omit<KeyQuery, "limit" | "after">,
  { limit, position }: PageRequest,
  prefix: string,
): Promise<Page<T>> {
  const pkName = query.index ? `${query.index}pk` : "pk";
  const { items, last } = await table.query({
    ...query,
    limit,
    ...(position === undefined ? {} : { after: decode(position, query.pk, pkName, prefix) }),
  });
  const values = items.map((item) => fromItem(entity, item));
  return last ? { items: values, position: encode(last) } : { items: values };
}

/** Every entity of a partition or of a range of it, page by page. */
export async function* every<T>(
  table: Table,
  entity: Entity<T>,
  query: Omit<KeyQuery, "after">,
): AsyncGenerator<T> {
  for await (const item of everyItem(table, query)) yield fromItem(entity, item);
}

/** The same as rows, for those who read several kinds. */
export async function* everyItem(
  table: Table,
  query: Omit<KeyQuery, "after">,
): AsyncGenerator<Item> {
  let after: Item | undefined;
  do {
    const { items, last } = await table.query({ ...query, ...(after ? { after } : {}) });
    yield* items;
    after = last;
  } while (after);
}
