import {
  FrozenCard,
  InputChunk,
  type ScorecardEvent,
  type ScorecardKey,
  type ScorecardRepository,
} from "@concord/core/scorecard";
import { z } from "zod";
import { type Aggregate, commit, load, type TenantTable, writesOf } from "../aggregate.ts";
import { exists, isNew } from "../dynamo-table/condition.ts";
import type { Write } from "../dynamo-table/contract.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { partnerAggregate } from "../partner/dynamo-partner-repository.ts";
import { every } from "../position.ts";
import { reviewAggregate } from "../review/dynamo-review-repository.ts";

/** Every revision is a row of its own; its number is the version of its event. */
const CardRow = FrozenCard.extend({ version: z.number().int() });

export const cardAggregate = (keys: TenantKeys): Aggregate<z.infer<typeof CardRow>> => ({
  name: "FrozenCard",
  schema: CardRow,
  schemaVersion: 1,
  id: ({ cycleId, partnerId }) => `${cycleId}.${partnerId}`,
  key: (card) => keys.card(card, card.revision),
});

const inputsEntity = (keys: TenantKeys, card: FrozenCard): Entity<InputChunk> => ({
  name: "CardInputs",
  schema: InputChunk,
  schemaVersion: 1,
  key: ({ inputsDigest, chunk }) => keys.cardInputs(card, card.revision, inputsDigest, chunk),
});

/** The writes that make a revision, or nothing where it exists. */
export function revisionWrites(
  tenant: TenantTable,
  card: FrozenCard,
  event: ScorecardEvent,
): [Write, Write] {
  const cards = cardAggregate(tenant.keys);
  const row = { ...card, version: card.revision };
  const [, trail] = writesOf(tenant, cards, row, event);
  return [{ put: toItem(cards, row), condition: isNew }, trail];
}

export function dynamoScorecardRepository(tenant: TenantTable): ScorecardRepository {
  const { table, keys } = tenant;
  const cards = cardAggregate(keys);
  const toCard = (item: Parameters<typeof fromItem>[1]): FrozenCard =>
    FrozenCard.parse(fromItem(cards, item));
  const pkOf = (key: ScorecardKey) => keys.card(key, 1).pk;

  async function latest(key: ScorecardKey): Promise<FrozenCard | undefined> {
    const { items } = await table.query({
      pk: pkOf(key),
      sort: { prefix: keys.cardPrefix },
      order: "descending",
      limit: 1,
    });
    return items[0] && toCard(items[0]);
  }

  return {
    /** AP-50 */
    latest,
    /** AP-50 */
    latestRevision: async (key) => (await latest(key))?.revision,

    /** AP-51 */
    async revision(key, revision) {
      const row = await load(tenant, cards, keys.card(key, revision));
      return row && FrozenCard.parse(row);
    },

    /** AP-52 */
    async revisions(key) {
      const { items } = await table.query({
        pk: pkOf(key),
        sort: { prefix: keys.cardPrefix },
        order: "descending",
      });
      return items.map(toCard);
    },

    /** AP-53: the card sorts before the inputs of its revision, so that one row answers both questions. */
    async beginning(key) {
      const first = keys.card(key, 1);
      const { items } = await table.query({
        pk: first.pk,
        sort: { from: first.sk, to: keys.cardInputsEnd(1) },
        limit: 1,
      });
      const [item] = items;
      if (!item) return { hasLeftovers: false };
      return item["sk"] === first.sk
        ? { card: toCard(item), hasLeftovers: false }
        : { hasLeftovers: true };
    },

    /** AP-431 */
    async placement(key) {
      const [review, partner] = [reviewAggregate(keys), partnerAggregate(keys)];
      const items = await table.getAll([keys.review(key), keys.partner(key.partnerId)]);
      const of = (name: string) => items.find((item) => item["entity"] === name);
      const [reviewed, placed] = [of(review.name), of(partner.name)];
      return {
        isReviewed: reviewed !== undefined,
        pinned: reviewed && fromItem(review, reviewed).segment,
        partner: placed && fromItem(partner, placed),
      };
    },

    /** AP-54 */
    inputs: (card, chunk) =>
      load(
        tenant,
        inputsEntity(keys, card),
        keys.cardInputs(card, card.revision, card.inputsDigest, chunk),
      ),

    /** AP-55: where a row of the same digest and number stands, it holds the same lines. */
    async addInputs(card, chunks) {
      for (const chunk of chunks) await table.put(toItem(inputsEntity(keys, card), chunk), isNew);
    },

    /** AP-56 */
    async discardOtherInputs(card) {
      const sort = { prefix: keys.cardInputsPrefix(card.revision) };
      for await (const stored of every(table, inputsEntity(keys, card), { pk: pkOf(card), sort })) {
        const { inputsDigest, chunk } = stored;
        if (inputsDigest === card.inputsDigest) continue;
        await table.remove(keys.cardInputs(card, card.revision, inputsDigest, chunk), exists);
      }
    },

    /** AP-57 */
    async save(card, event) {
      const failed = await commit(tenant, card, revisionWrites(tenant, card, event));
      return failed.length === 0;
    },
  };
}
