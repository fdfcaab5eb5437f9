import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { TenantId } from "@concord/core/id";
import { z } from "zod";

const Batch = z.object({
  Records: z.array(
    z.object({
      eventName: z.enum(["INSERT", "MODIFY", "REMOVE"]),
      dynamodb: z.object({
        SequenceNumber: z.string(),
        NewImage: z.record(z.string(), z.unknown()).optional(),
      }),
    }),
  ),
});

const Row = z.looseObject({ pk: z.string(), entity: z.string() });

/** A row of a tenant that has been added. */
export interface AddedRow {
  readonly tenantId: TenantId;
  readonly entity: string;
  /** The whole row; to be parsed by whoever knows the entity. */
  readonly row: Readonly<Record<string, unknown>>;
}

export interface ChangeFeed {
  /** The tenant a partition belongs to; undefined for one that belongs to none. */
  readonly tenantOf: (pk: string) => TenantId | undefined;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

const Named = z.looseObject({ entity: z.object({ S: z.string() }) });

export interface BatchAnswer {
  readonly batchItemFailures: { itemIdentifier: string }[];
}

/** The added rows of tenants; those that belong to none are passed over. */
export const consumeAdded = (
  { tenantOf, log }: ChangeFeed,
  batch: unknown,
  handle: (added: AddedRow) => Promise<void>,
  entities?: readonly string[],
): Promise<BatchAnswer> =>
  consumeRows(
    log,
    batch,
    async (row) => {
      const tenantId = tenantOf(row.pk);
      if (tenantId) await handle({ tenantId, entity: row.entity, row });
    },
    entities,
  );

/**
 * Handles the added rows of a batch in their order; one that fails is reported and keeps no other waiting.
 * Delivery is at least once and in no promised order: what `handle` does must be safe to repeat.
 * @param entities the kinds of rows that are handled, whatever else the feed delivers; all without it
 */
export async function consumeRows(
  log: ChangeFeed["log"],
  batch: unknown,
  handle: (row: z.infer<typeof Row>) => Promise<void>,
  entities?: readonly string[],
): Promise<BatchAnswer> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { eventName, dynamodb } of Batch.parse(batch).Records) {
    const { SequenceNumber, NewImage } = dynamodb;
    if (eventName !== "INSERT" || !NewImage) continue;
    const named = Named.safeParse(NewImage).data?.entity.S;
    if (named === undefined || (entities && !entities.includes(named))) continue;
    try {
      await handle(Row.parse(unmarshall(NewImage as Record<string, AttributeValue>)));
    } catch (error) {
      log({
        level: "error",
        message: "change not handled",
        ...{ sequenceNumber: SequenceNumber, error: nameOfError(error) },
      });
      batchItemFailures.push({ itemIdentifier: SequenceNumber });
    }
  }
  return { batchItemFailures };
}

/** Without the message: it may quote the row, and with it what a person wrote or an address. */
export const nameOfError = (error: unknown): string =>
  error instanceof Error
    ? `${error.name}${"code" in error ? ` ${String(error.code)}` : ""}`
    : "unknown";
