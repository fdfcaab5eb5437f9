import { PersonId } from "@concord/core/id";
import { Erasure, type ErasureRepository } from "@concord/core/tenant-erasure";
import type { TimerKind } from "@concord/core/timer";
import { z } from "zod";
import { always } from "../dynamo-table/condition.ts";
import type { Table } from "../dynamo-table/contract.ts";
import type { Item } from "../dynamo-table/item.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import { systemKeys } from "../keys/index.ts";
import { forgetSecurityEvents } from "../security-event/dynamo-security-event-repository.ts";

const ERASURE: TimerKind = "tenant-erasure";

const erasureEntity: Entity<Erasure> = {
  name: "Erasure",
  schema: Erasure,
  schemaVersion: 1,
  key: ({ tenantId }) => systemKeys.erasure(tenantId),
};

const Part = z.object({
  places: z.array(z.string()),
  people: z.array(PersonId),
  pointers: z.array(z.string()).default([]),
});
const Pointer = z.tuple([z.string(), z.string()]);

export const dynamoErasureRepository = (table: Table): ErasureRepository => ({
  /** AP-324 */
  async get(tenantId) {
    const row = await table.get(systemKeys.erasure(tenantId));
    return row && fromItem(erasureEntity, row);
  },

  /** AP-325 */
  async save(erasure) {
    await table.put(toItem(erasureEntity, erasure), always);
  },

  /** AP-326 */
  async putPart(tenantId, part, { places, people, pointers }) {
    const row: Item = {
      ...systemKeys.erasurePart(tenantId, part),
      places: [...places],
      people: [...people],
      pointers: [...pointers],
      entity: "ErasurePart",
      schemaVersion: 1,
    };
    await table.put(row, always);
  },

  /** AP-327 */
  async part(tenantId, part) {
    const row = await table.get(systemKeys.erasurePart(tenantId, part));
    return row && Part.parse(row);
  },

  /** AP-328 */
  async dropParts(tenantId, parts) {
    for (let part = 0; part < parts; part += 1) {
      await table.remove(systemKeys.erasurePart(tenantId, part), always);
    }
  },

  /** AP-329 */
  async forgetPerson(tenantId, personId) {
    const rows = await personRows(table, personId);
    const isOfTenant = ({ sk }: Item) => String(sk).startsWith(`MEMBERSHIP#${tenantId}#`);
    for (const row of rows.filter(isOfTenant)) await removeRow(table, row);
    const rest = rows.filter((row) => !isOfTenant(row));
    const person = rest.find(({ entity }) => entity === "Person");
    if (!person || rest.some(({ entity }) => entity === "Membership")) return false;
    const { email } = person;
    await table.remove(systemKeys.loginAddress(String(email)), always);
    await table.remove(systemKeys.secondFactor(personId), always);
    await forgetSecurityEvents(table, personId);
    for (const row of rest) await removeRow(table, row);
    return true;
  },

  /** AP-373 */
  async forgetPointer(pointer) {
    const [pk, sk] = Pointer.parse(JSON.parse(pointer));
    await table.remove({ pk, sk }, always);
  },

  /** AP-330 */
  async forgetTenant(tenantId) {
    const pk = systemKeys.timersOf(tenantId);
    let after: Item | undefined;
    do {
      const page = await table.query({ pk, ...(after ? { after } : {}) });
      const own = page.items.filter((one) => one["tenantId"] === tenantId);
      // What goes on with the erasure where this is cut off; the tick removes it once all is over.
      for (const row of own.filter(({ kind }) => kind !== ERASURE)) await removeRow(table, row);
      after = page.last;
    } while (after);
    await table.remove(systemKeys.tenantEntry(tenantId), always);
  },
});

const removeRow = (table: Table, { pk, sk }: Item) =>
  table.remove({ pk: String(pk), sk: String(sk) }, always);

async function personRows(table: Table, personId: PersonId): Promise<Item[]> {
  const { pk } = systemKeys.person(personId);
  const rows: Item[] = [];
  let after: Item | undefined;
  do {
    const page = await table.query({ pk, ...(after ? { after } : {}) });
    rows.push(...page.items);
    after = page.last;
  } while (after);
  return rows;
}
