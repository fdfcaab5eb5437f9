import { PartnerId } from "@concord/core/id";
import { Alias, HeldRow, Price, Source, textKey } from "@concord/core/source";
import { z } from "zod";
import type { Aggregate } from "../aggregate.ts";
import type { Entity } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";

export const sourceAggregate = (keys: TenantKeys): Aggregate<Source> => ({
  name: "Source",
  schema: Source,
  schemaVersion: 1,
  id: ({ sourceId }) => sourceId,
  key: ({ sourceId }) => keys.source(sourceId),
  indexes: ({ sourceId, name }) => ({
    gsi2pk: keys.sourceList(),
    gsi2sk: keys.nameSort(textKey(name), sourceId),
  }),
});

export const priceEntity = (keys: TenantKeys): Entity<Price> => ({
  name: "Price",
  schema: Price,
  schemaVersion: 1,
  key: ({ sourceId, product }) => keys.price(sourceId, textKey(product)),
});

export const aliasAggregate = (keys: TenantKeys): Aggregate<Alias> => ({
  name: "Alias",
  schema: Alias,
  schemaVersion: 1,
  id: ({ aliasId }) => aliasId,
  key: ({ sourceId, aliasId }) => keys.alias(sourceId, aliasId),
});

export const heldRowEntity = (keys: TenantKeys): Entity<HeldRow> => ({
  name: "HeldRow",
  schema: HeldRow,
  schemaVersion: 1,
  key: ({ sourceId, externalId }) => keys.heldRow(sourceId, externalId),
});

/** The claim a partner holds on its name. */
export const partnerNameEntity = (
  keys: TenantKeys,
): Entity<{ partnerId: PartnerId; nameKey?: string | undefined }> => ({
  name: "PartnerName",
  schema: z.object({ partnerId: PartnerId, nameKey: z.string().optional() }),
  schemaVersion: 1,
  key: ({ nameKey = "" }) => keys.partnerName(nameKey),
});
