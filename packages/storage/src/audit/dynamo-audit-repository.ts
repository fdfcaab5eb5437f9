import type { AuditRepository } from "@concord/core/audit";
import { UnreadableRow } from "@concord/core/error";
import { StoredEvent } from "@concord/core/event";
import { load, type TenantTable } from "../aggregate.ts";
import { always, isNew } from "../condition.ts";
import { fromItem, toItem } from "../entity.ts";
import { every, everyItem, page } from "../position.ts";
import {
  auditSourceOf,
  entryEntity,
  headEntity,
  linkEntity,
  saltEntity,
  segmentEntity,
} from "./audit-rows.ts";
import { everyState } from "./audited-rows.ts";

export function dynamoAuditRepository(tenant: TenantTable): AuditRepository {
  const { table, keys } = tenant;
  const entries = entryEntity(keys);
  const segments = segmentEntity(keys);
  const links = linkEntity(keys);
  const heads = headEntity(keys);
  const salts = saltEntity(keys);
  const chain = keys.auditLink(1).pk;
  const ofDay = (day: string) => ({
    pk: keys.auditDay(day),
    sort: { prefix: keys.auditEntryPrefix },
  });
  const newest = async (prefix: string) => {
    const query = { pk: chain, sort: { prefix }, order: "descending", limit: 1 } as const;
    return (await table.query(query)).items[0];
  };

  return {
    /** AP-270 */
    addEntry: (entry) => table.put(toItem(entries, entry), isNew),

    /** AP-271 */
    listDay: (day, request) => page(table, entries, ofDay(day), request, keys.prefix),

    /** AP-272 */
    listOfObject: ({ type, id }, { from, to }, request) => {
      const pk = keys.auditOfObject(type, id);
      const query = { index: "gsi2", pk, sort: { from, to: `${to}~` } } as const;
      return page(table, entries, query, request, keys.prefix);
    },

    /** AP-273 */
    listOfActor: (actorId, { from, to }, request) => {
      const pk = keys.auditOfActor(actorId);
      const query = { index: "gsi1", pk, sort: { from, to: `${to}~` } } as const;
      return page(table, entries, query, request, keys.prefix);
    },

    /** AP-274 */
    async *everyEntry(day) {
      for await (const item of everyItem(table, ofDay(day))) {
        const entry = fromItem(entries, item);
        const { pk, sk } = entries.key(entry);
        if (item["pk"] !== pk || item["sk"] !== sk)
          throw new UnreadableRow("an entry is misplaced");
        yield entry;
      }
    },

    /** AP-275 */
    segments: (day) =>
      every(table, segments, {
        pk: keys.auditDay(day),
        sort: { prefix: keys.auditSegmentPrefix },
      }),

    /** AP-276 */
    segment: ({ day, number }) => load(tenant, segments, keys.auditSegment(day, number)),

    /** AP-277 */
    async lastLink() {
      const row = await newest(keys.auditLinkPrefix);
      return row && fromItem(links, row);
    },

    /** AP-278 */
    links: () => every(table, links, { pk: chain, sort: { prefix: keys.auditLinkPrefix } }),

    /** AP-279 */
    async append(link, segment) {
      const failed = await table.transact([
        { put: toItem(links, link), condition: isNew },
        { put: toItem(segments, segment), condition: isNew },
      ]);
      return failed.length === 0;
    },

    /** AP-280 */
    async lastHead() {
      const row = await newest(keys.auditHeadPrefix);
      return row && fromItem(heads, row);
    },

    /** AP-281 */
    listHeads: (request) =>
      page(
        table,
        heads,
        { pk: chain, sort: { prefix: keys.auditHeadPrefix }, order: "descending" },
        request,
        keys.prefix,
      ),

    /** AP-282 */
    everyHead: () => every(table, heads, { pk: chain, sort: { prefix: keys.auditHeadPrefix } }),

    /** AP-283 */
    saveHead: (head) => table.put(toItem(heads, head), isNew),

    /** AP-284 */
    salt: (personId) => load(tenant, salts, keys.personSalt(personId)),

    /** AP-285 */
    addSalt: (salt) => table.put(toItem(salts, salt), isNew),

    /** AP-286 */
    async eraseSalt(personId) {
      await table.put(toItem(salts, { personId, salt: null }), always);
    },

    /** AP-287 */
    async stateDigestAt(partition, { type, id, version }) {
      const row = await table.get(keys.event(keys.partitionOf(partition), type, id, version));
      return row ? StoredEvent.parse(row).stateDigest : null;
    },

    /** AP-288 */
    async eventsOf(told) {
      if (told.length === 0) return [];
      const items = await table.getAll(
        told.map(({ object: { type, id, version }, row: { partition, sort } }) => {
          const pk = keys.partitionOf(partition);
          return sort === undefined ? keys.event(pk, type, id, version) : { pk, sk: sort };
        }),
      );
      return items.map((item) => auditSourceOf(item).event);
    },

    /** AP-289 */
    async *trail(partition, { type, id }) {
      const query = {
        pk: keys.partitionOf(partition),
        sort: { prefix: keys.eventPrefix(type, id) },
      };
      for await (const item of everyItem(table, query)) yield StoredEvent.parse(item);
    },

    /** AP-290 */
    everyState: () => everyState(table, keys),
  };
}
