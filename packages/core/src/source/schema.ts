import { z } from "zod";
import { classified } from "../classification/index.ts";
import { AliasId, ImportId, MemberId, PartnerId, SourceId } from "../id/index.ts";
import { Currency, Money } from "../money/index.ts";
import { PresetName } from "./preset.ts";

/** Where facts come from: one feed with its mapping, price list and aliases. */
export const Source = z
  .object({
    sourceId: SourceId,
    name: z.string().trim().min(1).max(200),
    kind: z.enum(["crm-export"]),
    preset: PresetName,
    currency: Currency,
    /** The data steward whose work list receives its flags; null while nobody is named. */
    ownerId: MemberId.nullable(),
    version: z.number().int().positive(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Source" });
export type Source = z.infer<typeof Source>;

export const CreateSource = z
  .strictObject({
    name: Source.shape.name,
    kind: Source.shape.kind.default("crm-export"),
    preset: PresetName.default("crm-opportunities-v1"),
    currency: Currency,
    ownerId: MemberId.nullable().default(null),
  })
  .meta({ id: "CreateSource" });
export type CreateSource = z.infer<typeof CreateSource>;

/** The list price of one product, in minor units of the source's currency. */
export const Price = z.object({
  sourceId: SourceId,
  product: z.string().trim().min(1).max(200),
  listAmountMinor: z.number().int().nonnegative(),
  changedAt: z.iso.datetime(),
});
export type Price = z.infer<typeof Price>;

export const PutPriceList = z
  .strictObject({
    prices: z
      .array(
        z.strictObject({
          product: Price.shape.product,
          listPrice: z.string().max(25).meta({ example: "4821.00" }),
        }),
      )
      .min(1)
      .max(5000),
  })
  .meta({ id: "PutPriceList" });
export type PutPriceList = z.infer<typeof PutPriceList>;

/** A price as clients see it. */
export const PriceView = z.object({ product: z.string(), listPrice: Money }).meta({ id: "Price" });
export type PriceView = z.infer<typeof PriceView>;

/** A spelling of the feed and what it means: a product of the price list, or a partner. */
export const Alias = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("product"),
      aliasId: AliasId,
      sourceId: SourceId,
      text: z.string().trim().min(1).max(200),
      product: Price.shape.product,
      version: z.number().int().positive(),
      changedAt: z.iso.datetime(),
    }),
    z.object({
      kind: z.literal("partner"),
      aliasId: AliasId,
      sourceId: SourceId,
      text: z.string().trim().min(1).max(200),
      partnerId: PartnerId,
      /** Whether it also decides where a partner of just this name exists; else such rows are held as ambiguous. */
      overridesName: z.boolean(),
      version: z.number().int().positive(),
      changedAt: z.iso.datetime(),
    }),
  ])
  .meta({ id: "Alias" });
export type Alias = z.infer<typeof Alias>;

export const AddAlias = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("product"),
      text: Price.shape.product,
      product: Price.shape.product,
    }),
    z.strictObject({
      kind: z.literal("partner"),
      text: Price.shape.product,
      partnerId: PartnerId,
      overridesName: z.boolean().default(false),
    }),
  ])
  .meta({ id: "AddAlias" });
export type AddAlias = z.infer<typeof AddAlias>;

/** A row whose partner could not be told: kept as it came until an alias or a new partner releases it. */
export const HeldRow = z
  .object({
    sourceId: SourceId,
    externalId: z.string().min(1).max(200),
    reason: z.enum(["partner-unknown", "partner-ambiguous"]),
    partner: z.string(),
    /** The cells of the mapped columns, as they came. */
    cells: classified("import-row.cells", z.record(z.string(), z.string())),
    row: z.number().int().positive(),
    importId: ImportId,
    digest: z.string(),
    heldAt: z.iso.datetime(),
  })
  .meta({ id: "HeldRow" });
export type HeldRow = z.infer<typeof HeldRow>;
