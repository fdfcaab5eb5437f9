import type { PersonId } from "@concord/core/id";
import type { SecurityEventRepository } from "@concord/core/security-event";
import { SecurityEvent } from "@concord/core/security-event";
import { always, isNew } from "../dynamo-table/condition.ts";
import type { Table, Write } from "../dynamo-table/contract.ts";
import { type Entity, toItem } from "../entity.ts";
import { systemKeys } from "../keys/index.ts";
import { everyItem, page } from "../position.ts";

const securityEventEntity: Entity<SecurityEvent> = {
  name: "SecurityEvent",
  schema: SecurityEvent,
  schemaVersion: 1,
  key: systemKeys.securityEvent,
  expiresAt: ({ expiresAt }) => expiresAt,
};

/** For the transaction of what it tells of, which it never fails. */
export const securityEventWrite = (event: SecurityEvent): Write => ({
  put: toItem(securityEventEntity, event),
  condition: always,
});

export const dynamoSecurityEventRepository = (table: Table): SecurityEventRepository => ({
  /** AP-406 */
  async add(event) {
    await table.put(toItem(securityEventEntity, event), isNew);
  },

  /** AP-407 */
  listOf(personId, request) {
    const pk = systemKeys.securityEvents(personId);
    return page(table, securityEventEntity, { pk, order: "descending" }, request, pk);
  },
});

/** Every one of an erased person. */
export async function forgetSecurityEvents(table: Table, personId: PersonId): Promise<void> {
  for await (const { pk, sk } of everyItem(table, { pk: systemKeys.securityEvents(personId) })) {
    await table.remove({ pk: String(pk), sk: String(sk) }, always);
  }
}
