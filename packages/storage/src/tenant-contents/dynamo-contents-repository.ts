import { InvitationId, PersonId, type TenantId } from "@concord/core/id";
import { EmailAddress } from "@concord/core/person";
import type { ContentsRepository } from "@concord/core/tenant-contents";
import { z } from "zod";
import type { TenantTable } from "../aggregate.ts";
import { always } from "../dynamo-table/condition.ts";
import type { KeyQuery, Table } from "../dynamo-table/contract.ts";
import type { Item } from "../dynamo-table/item.ts";
import { systemKeys } from "../keys/index.ts";
import { firstPlaces, type Place, placesFrom } from "./places.ts";

const PLACES_A_PART = 250;
const REMOVALS_AT_ONCE = 25;

export function dynamoContentsRepository({ table, keys }: TenantTable): ContentsRepository {
  return {
    /** AP-321 */
    async *walk() {
      const known = new Set<string>();
      const left: Place[] = [];
      const newPart = () => ({
        places: [] as string[],
        people: [] as PersonId[],
        pointers: [] as string[],
      });
      let part = newPart();
      const people = new Set<string>();
      const pointers = new Set<string>();
      const find = (place: Place): void => {
        const name = `${place.index ?? ""} ${place.pk}`;
        if (known.has(name) || !place.pk.startsWith(keys.prefix)) return;
        known.add(name);
        if (place.index === undefined) part.places.push(place.pk);
        if (!place.isLeaf) left.push(place);
      };
      // Last of all: while it is there, it says that nobody may write any more.
      const last = keys.subscription().pk;
      known.add(` ${last}`);
      for (const place of firstPlaces(keys)) find(place);
      for (let place = left.pop(); place; place = left.pop()) {
        const { index, pk } = place;
        for await (const row of rowsOf(table, { pk, ...(index ? { index } : {}) })) {
          for (const next of placesFrom(row, keys)) find(next);
          const pointer = pointerOf(row, keys.tenantId);
          if (pointer !== undefined && !pointers.has(pointer)) {
            pointers.add(pointer);
            part.pointers.push(pointer);
          }
          const { personId } = row;
          if (typeof personId === "string" && !people.has(personId)) {
            people.add(personId);
            part.people.push(PersonId.parse(personId));
          }
          // A list of thousands leads to more places than an item holds, so a part ends within it.
          if (part.places.length + part.people.length + part.pointers.length < PLACES_A_PART) {
            continue;
          }
          yield part;
          part = newPart();
        }
      }
      part.places.push(last);
      yield part;
    },

    /** AP-322 */
    async *rows(pk) {
      for await (const row of rowsOf(table, { pk })) {
        const { entity, ...rest } = row;
        yield { entity: String(entity), row: withoutKeys(rest) };
      }
    },

    /** AP-323 */
    async removeAll(pk) {
      let removed = 0;
      for (;;) {
        // From the start each time: what was read is gone.
        const { items } = await table.query({ pk, limit: 500 });
        if (items.length === 0) return removed;
        for (let at = 0; at < items.length; at += REMOVALS_AT_ONCE) {
          const some = items.slice(at, at + REMOVALS_AT_ONCE);
          await Promise.all(some.map((row) => table.remove(keyOf(row), always)));
        }
        removed += items.length;
      }
    },
  };
}

/** An invitation is found by its address for as long as an event of it holds the address. */
const InvitedEvent = z.object({
  entity: z.literal("Event"),
  personal: z.object({ holder: InvitationId, fields: z.object({ email: EmailAddress }) }),
});

function pointerOf(row: Item, tenantId: TenantId): string | undefined {
  const personal = InvitedEvent.safeParse(row).data?.personal;
  if (!personal) return undefined;
  const { pk, sk } = systemKeys.invitationTo(personal.fields.email, tenantId, personal.holder);
  return JSON.stringify([pk, sk]);
}

const keyOf = ({ pk, sk }: Item) => ({ pk: String(pk), sk: String(sk) });

async function* rowsOf(table: Table, query: KeyQuery): AsyncGenerator<Item> {
  let after: Item | undefined;
  do {
    const { items, last } = await table.query({ ...query, ...(after ? { after } : {}) });
    yield* items;
    after = last;
  } while (after);
}

const inTheTable = ["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk", "schemaVersion"];

const withoutKeys = (row: Item): Item =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !inTheTable.includes(name)));
