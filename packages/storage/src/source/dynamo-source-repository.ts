import { type SourceRepository, textKey } from "@concord/core/source";
import { load, save, type TenantTable } from "../aggregate.ts";
import { always } from "../dynamo-table/condition.ts";
import { type Entity, toItem } from "../entity.ts";
import { pagesOf } from "../paged-parts.ts";
import { every, page } from "../position.ts";
import {
  aliasAggregate,
  heldRowEntity,
  partnerNameEntity,
  priceEntity,
  sourceAggregate,
} from "./source-rows.ts";

const WRITES_A_TRANSACTION = 100;
const PUTS_AT_ONCE = 8;

export function dynamoSourceRepository(tenant: TenantTable): SourceRepository {
  const { table, keys } = tenant;
  const sources = sourceAggregate(keys);
  const prices = priceEntity(keys);
  const aliases = aliasAggregate(keys);
  const held = heldRowEntity(keys);
  const names = partnerNameEntity(keys);

  async function all<T>(entity: Entity<T>, pk: string, prefix: string): Promise<T[]> {
    const values: T[] = [];
    for await (const value of every(table, entity, { pk, sort: { prefix } })) values.push(value);
    return values;
  }

  return {
    /** AP-81 */
    get: (sourceId) => load(tenant, sources, keys.source(sourceId)),

    /** AP-82 */
    list: (request) =>
      page(table, sources, { index: "gsi2", pk: keys.sourceList() }, request, keys.prefix),

    /** AP-83 */
    save: (next, event) => save(tenant, sources, next, event),

    /** AP-84 */
    prices: (sourceId) => all(prices, keys.source(sourceId).pk, keys.pricePrefix),
    /** AP-154 */
    listPrices: (sourceId, request) =>
      page(
        table,
        prices,
        { pk: keys.source(sourceId).pk, sort: { prefix: keys.pricePrefix } },
        request,
        keys.prefix,
      ),
    /** AP-155 */
    async putPrices(rows) {
      for (const [, part] of pagesOf(rows, WRITES_A_TRANSACTION)) {
        await table.transact(
          part.map((price) => ({ put: toItem(prices, price), condition: always })),
        );
      }
    },

    /** AP-85 */
    aliases: (sourceId) => all(aliases, keys.source(sourceId).pk, keys.aliasPrefix),
    /** AP-156 */
    listAliases: (sourceId, request) =>
      page(
        table,
        aliases,
        { pk: keys.source(sourceId).pk, sort: { prefix: keys.aliasPrefix } },
        request,
        keys.prefix,
      ),
    /** AP-157 */
    getAlias: (sourceId, aliasId) => load(tenant, aliases, keys.alias(sourceId, aliasId)),

    /** AP-86 */
    listHeldRows: (sourceId, request) =>
      page(
        table,
        held,
        { pk: keys.source(sourceId).pk, sort: { prefix: keys.heldRowPrefix } },
        request,
        keys.prefix,
      ),
    /** AP-158 */
    heldRows: (sourceId) =>
      every(table, held, { pk: keys.source(sourceId).pk, sort: { prefix: keys.heldRowPrefix } }),
    /** AP-159 */
    async holdRows(rows) {
      for (const [, part] of pagesOf(rows, PUTS_AT_ONCE)) {
        await Promise.all(part.map((row) => table.put(toItem(held, row), always)));
      }
    },

    /** AP-87 */
    async partnerNamed(name) {
      const claim = await load(tenant, names, keys.partnerName(textKey(name)));
      return claim?.partnerId;
    },
  };
}
