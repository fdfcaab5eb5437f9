import { Figure, type FigureRepository } from "@concord/core/figure";
import { type Aggregate, load, type TenantTable, writesOf } from "../aggregate.ts";
import { fromItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { rollupWrite } from "../opportunity/fact-writes.ts";
import { every } from "../position.ts";

export const figureAggregate = (keys: TenantKeys): Aggregate<Figure> => ({
  name: "Figure",
  schema: Figure,
  schemaVersion: 1,
  id: ({ partnerId, measure, month }) => `${partnerId}.${measure}.${month}`,
  key: ({ partnerId, month, measure }) => keys.figure(partnerId, month, measure),
});

export function dynamoFigureRepository(tenant: TenantTable): FigureRepository {
  const { table, keys } = tenant;
  const figures = figureAggregate(keys);
  return {
    /** AP-423 */
    get: ({ partnerId, month, measure }) =>
      load(tenant, figures, keys.figure(partnerId, month, measure)),

    /** AP-424 */
    async getAll(wanted) {
      const items = await table.getAll(
        wanted.map(({ partnerId, month, measure }) => keys.figure(partnerId, month, measure)),
      );
      return items.map((item) => fromItem(figures, item));
    },

    /** AP-425 */
    async between(partnerId, from, to) {
      const query = { pk: keys.figures(partnerId), sort: keys.figuresBetween(from, to) };
      const found: Figure[] = [];
      for await (const figure of every(table, figures, query)) found.push(figure);
      return found;
    },

    /** AP-426 */
    async save(changes, months) {
      const failed = await table.transact([
        ...changes.flatMap(({ next, event }) => writesOf(tenant, figures, next, event)),
        ...months.map((month) => rollupWrite(keys, month)),
      ]);
      return failed.length === 0;
    },
  };
}
