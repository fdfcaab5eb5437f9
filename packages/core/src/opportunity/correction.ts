import { z } from "zod";
import { CalendarDate } from "../calendar/index.ts";
import { PartnerId } from "../id/index.ts";
import { CORRECTABLE } from "./fact.ts";

/** What a person sets against the feed; null clears, `release` gives a field back to the feed. */
export const CorrectOpportunity = z
  .strictObject({
    reason: z.string().trim().min(1).max(1000),
    fields: z
      .strictObject({
        customerAccount: z.string().trim().max(200).nullable(),
        product: z.string().trim().max(200).nullable(),
        stage: z.string().trim().min(1).max(100),
        engagedOn: CalendarDate.nullable(),
        closedOn: CalendarDate.nullable(),
        /** A decimal number in the source's currency. */
        amount: z.string().max(25).nullable(),
      })
      .partial()
      .default({}),
    release: z.array(z.enum(CORRECTABLE)).max(CORRECTABLE.length).default([]),
  })
  .meta({ id: "CorrectOpportunity" });
export type CorrectOpportunity = z.infer<typeof CorrectOpportunity>;

export const ReattributeOpportunity = z
  .strictObject({ partnerId: PartnerId, reason: z.string().trim().min(1).max(1000) })
  .meta({ id: "ReattributeOpportunity" });
export type ReattributeOpportunity = z.infer<typeof ReattributeOpportunity>;
