import type { AuditRepository } from "@concord/core/audit";
import { type CycleChunk, openingsDigestOf } from "@concord/core/cycle";
import { UnreadableRow } from "@concord/core/error";
import { type PersonalFields, type PersonalHolder, StoredEvent } from "@concord/core/event";
import { InvitationId, MemberId } from "@concord/core/id";
import { MembershipId } from "@concord/core/person";
import { load, type TenantTable } from "../aggregate.ts";
import { chunkEntity } from "../cycle/dynamo-cycle-repository.ts";
import { always, isNew } from "../dynamo-table/condition.ts";
import type { Write } from "../dynamo-table/contract.ts";
import { fromItem, toItem } from "../entity.ts";
import type { Key, TenantKeys } from "../keys/index.ts";
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

const MOST_WRITES = 100;

const placeOfHolder = (keys: TenantKeys, holder: PersonalHolder): string => {
  const invitationId = InvitationId.safeParse(holder);
  return invitationId.success
    ? keys.invitation(invitationId.data).pk
    : keys.membership(MembershipId.parse(holder)).pk;
};

/** Events in these partitions that hold fields of the holder's person. */
async function eventsHeldBy(
  { table, keys }: TenantTable,
  holder: PersonalHolder,
  partitions: readonly string[],
): Promise<{ key: Key; fields: PersonalFields["fields"] }[]> {
  const found: { key: Key; fields: PersonalFields["fields"] }[] = [];
  for (const pk of partitions) {
    for await (const item of everyItem(table, { pk, sort: { prefix: keys.everyEventPrefix } })) {
      const { personal } = StoredEvent.parse(item);
      if (personal?.holder !== holder) continue;
      found.push({ key: { pk, sk: String(item["sk"]) }, fields: personal.fields });
    }
  }
  return found;
}

const withoutPersonal = (key: Key): Write => ({
  update: key,
  expression: "REMOVE #personal",
  condition: {
    expression: "attribute_exists(#pk)",
    names: { "#pk": "pk", "#personal": "personal" },
  },
});

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
    salt: (holder) => load(tenant, salts, keys.personSalt(holder)),

    /** AP-285 */
    addSalt: (salt) => table.put(toItem(salts, salt), isNew),

    /** AP-370 */
    async personalOf(holder) {
      const events = await eventsHeldBy(tenant, holder, [placeOfHolder(keys, holder)]);
      return events.map(({ fields }) => fields);
    },

    /** AP-286 */
    async erasePersonal(holder, apiKeyIds = []) {
      const place = placeOfHolder(keys, holder);
      const links = holder.startsWith(`${MemberId.prefix}_`)
        ? await table.query({ pk: place, sort: { prefix: keys.ssoLinkOfMemberPrefix } })
        : { items: [] };
      const events = await eventsHeldBy(tenant, holder, [
        ...apiKeyIds.map((apiKeyId) => keys.apiKey(apiKeyId).pk),
        ...links.items.map(({ linkId }) => keys.ssoLinkPartition(String(linkId))),
        place,
      ]);
      const salt = toItem(salts, { holder, salt: null });
      const writes: readonly Write[] = [
        { put: salt, condition: always },
        ...events.map(({ key }) => withoutPersonal(key)),
      ];
      for (let at = 0; at < writes.length; at += MOST_WRITES) {
        await table.transact(writes.slice(at, at + MOST_WRITES));
      }
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

    /** AP-405 */
    async *retentionEvents() {
      const query = { pk: keys.retention().pk, sort: { prefix: keys.everyEventPrefix } };
      for await (const item of everyItem(table, query)) yield StoredEvent.parse(item);
    },

    /** AP-390 */
    async openings(partition) {
      const pk = keys.partitionOf(partition);
      const sort = { prefix: keys.cycleChunkPrefix };
      const chunks: CycleChunk[] = [];
      for await (const chunk of every(table, chunkEntity(keys), { pk, sort })) chunks.push(chunk);
      const reviews = chunks.flatMap(({ cycleId, partnerIds, done }) =>
        partnerIds.map((partnerId, at) => {
          const digests = done["kick-off"]?.openings;
          return [`${cycleId}.${partnerId}`, digests && (digests[at] ?? null)] as const;
        }),
      );
      return { digest: openingsDigestOf(chunks), reviews: new Map(reviews) };
    },

    /** AP-290 */
    everyState: () => everyState(table, keys),
  };
}
