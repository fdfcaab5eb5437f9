import { EditionName } from "@concord/core/edition";
import { z } from "zod";

export const StripeSettings = z.strictObject({
  secretKey: z.string().min(1),
  webhookSecret: z.string().min(1),
  /** The price of each edition that is sold here. */
  prices: z.partialRecord(EditionName, z.string().min(1)),
});
export type StripeSettings = z.infer<typeof StripeSettings>;

/** As the environment holds them: JSON; empty where the operator bills by hand. */
export const StripeSettingsText = z
  .string()
  .default("")
  .transform((text) => (text === "" ? undefined : StripeSettings.parse(JSON.parse(text))));
