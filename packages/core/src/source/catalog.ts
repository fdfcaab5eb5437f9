import type { PartnerId } from "../id/index.ts";
import { partnerNameKey } from "../partner/index.ts";
import type { Alias, Price } from "./schema.ts";

/** Spellings that differ only in case or spacing are the same product or partner. */
export const textKey = partnerNameKey;

export type PartnerOf =
  | { readonly partnerId: PartnerId }
  | { readonly held: "partner-unknown" | "partner-ambiguous" };

/** The price list and the aliases of a source, ready to ask. */
export interface Catalog {
  /** Minor units, or undefined for a product that is not in the price list, also after its alias. */
  listAmountOf(product: string): number | undefined;
  /** @param named the partner whose own name this is, where there is one */
  partnerOf(text: string, named: PartnerId | undefined): PartnerOf;
}

export function catalogOf(prices: readonly Price[], aliases: readonly Alias[]): Catalog {
  const listAmounts = new Map(
    prices.map((price) => [textKey(price.product), price.listAmountMinor]),
  );
  const products = new Map<string, string>();
  const partners = new Map<string, Extract<Alias, { kind: "partner" }>>();
  for (const alias of aliases) {
    if (alias.kind === "product") products.set(textKey(alias.text), textKey(alias.product));
    else partners.set(textKey(alias.text), alias);
  }
  return {
    listAmountOf(product) {
      const key = textKey(product);
      return listAmounts.get(products.get(key) ?? key);
    },
    partnerOf(text, named) {
      const alias = partners.get(textKey(text));
      if (!alias) return named ? { partnerId: named } : { held: "partner-unknown" };
      const clashes = named !== undefined && named !== alias.partnerId && !alias.overridesName;
      return clashes ? { held: "partner-ambiguous" } : { partnerId: alias.partnerId };
    },
  };
}
