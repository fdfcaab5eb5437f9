import { actorIdOf } from "@concord/core/actor";
import { ConfidentialRead, type ConfidentialReadRepository } from "@concord/core/confidentiality";
import type { TenantTable } from "../aggregate.ts";
import { isNew } from "../dynamo-table/condition.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { page } from "../position.ts";

const keyOf = (keys: TenantKeys, read: ConfidentialRead) =>
  keys.confidentialRead(read.at, [
    ...[actorIdOf(read.by), read.record, read.partnerId, read.operationId],
    ...[read.fields, read.objectIds],
  ]);

const readEntity = (keys: TenantKeys): Entity<ConfidentialRead> => ({
  name: "ConfidentialRead",
  schema: ConfidentialRead,
  schemaVersion: 1,
  key: (read) => keyOf(keys, read),
  indexes: (read) => {
    const sort = `${read.at}#${keyOf(keys, read).sk}`;
    return {
      gsi1pk: keys.readsByActor(actorIdOf(read.by)),
      gsi1sk: sort,
      ...(read.partnerId === null
        ? {}
        : { gsi2pk: keys.readsOfPartner(read.partnerId), gsi2sk: sort }),
    };
  },
  expiresAt: ({ expiresAt }) => expiresAt,
});

const MOST_REMEMBERED = 20_000;
/** What this process has written already: the same read within the hour costs nothing more. */
const written = new Set<string>();

function remember(name: string): void {
  written.add(name);
  const [oldest] = written;
  if (written.size > MOST_REMEMBERED && oldest !== undefined) written.delete(oldest);
}

export function dynamoConfidentialReadRepository(tenant: TenantTable): ConfidentialReadRepository {
  const { table, keys, requestId = null } = tenant;
  const reads = readEntity(keys);

  return {
    /** AP-385 */
    async record(read) {
      const item = toItem(reads, { ...read, requestId });
      const name = `${table.name} ${String(item["pk"])} ${String(item["sk"])}`;
      if (written.has(name)) return;
      // Where it is there already, another process was first within the hour.
      await table.put(item, isNew);
      remember(name);
    },

    /** AP-386 */
    listDay: (day, request) => {
      const query = {
        pk: keys.confidentialReads(day),
        sort: { prefix: keys.confidentialReadPrefix },
      };
      return page(table, reads, query, request, keys.prefix);
    },

    /** AP-387 */
    listOfPartner: (partnerId, { from, to }, request) => {
      const pk = keys.readsOfPartner(partnerId);
      const query = { index: "gsi2", pk, sort: { from, to: `${to}~` } } as const;
      return page(table, reads, query, request, keys.prefix);
    },

    /** AP-388 */
    listOfActor: (actorId, { from, to }, request) => {
      const pk = keys.readsByActor(actorId);
      const query = { index: "gsi1", pk, sort: { from, to: `${to}~` } } as const;
      return page(table, reads, query, request, keys.prefix);
    },
  };
}
