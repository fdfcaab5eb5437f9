import { everyShard, type InTenant, type Key, padded, ROW_SHARDS, shardOf } from "./key.ts";

/** What requests and deliveries leave, so that none counts twice or too often. */
export const requestKeys = (inTenant: InTenant) => ({
  /** A known number of partitions, so that all of them can be found again. */
  idempotency: (keyHash: string): Key => ({
    pk: inTenant(`IDEMPOTENCY#${padded(shardOf(keyHash, ROW_SHARDS))}`),
    sk: `MARKER#${keyHash}`,
  }),
  idempotencyShards: (): readonly string[] =>
    everyShard.map((shard) => inTenant(`IDEMPOTENCY#${padded(shard)}`)),
  sentMail: (mailId: string): Key => ({
    pk: inTenant(`MAIL#${padded(shardOf(mailId, ROW_SHARDS))}`),
    sk: `MAIL#${mailId}`,
  }),
  sentMailShards: (): readonly string[] =>
    everyShard.map((shard) => inTenant(`MAIL#${padded(shard)}`)),

  /** Apart from the membership: what is read with each request must not be what each writes. */
  rateBucket: (principal: string, rateClass: string): Key => ({
    pk: inTenant(`RATE#${principal}`),
    sk: `BUCKET#${rateClass}`,
  }),
});
