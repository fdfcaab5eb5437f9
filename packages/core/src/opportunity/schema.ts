import { z } from "zod";
import { CalendarDate } from "../calendar/index.ts";
import { ImportId, OpportunityId, PartnerId, SourceId } from "../id/index.ts";
import { Currency } from "../money/index.ts";

export const OpportunityOutcome = z
  .enum(["open", "won", "lost"])
  .meta({ id: "OpportunityOutcome" });
export type OpportunityOutcome = z.infer<typeof OpportunityOutcome>;

/** What is wrong with a row of a feed; a flagged row still counts wherever its defect does not matter. */
export const DefectCode = z
  .enum([
    "product-unknown",
    "account-missing",
    "engage-date-missing",
    "amount-missing",
    "close-date-missing",
    "close-before-engage",
  ])
  .meta({ id: "DefectCode" });
export type DefectCode = z.infer<typeof DefectCode>;

export const Defect = z
  .object({
    code: DefectCode,
    column: z.string(),
    /** Line of the file the row stood in when it was last received; 1 is the header. */
    row: z.number().int().positive(),
  })
  .meta({ id: "Defect" });
export type Defect = z.infer<typeof Defect>;

export const StageEntry = z
  .object({ stage: z.string(), on: CalendarDate.nullable() })
  .meta({ id: "StageEntry" });
export type StageEntry = z.infer<typeof StageEntry>;

/** A deal as the feed last told it. Money in integer minor units of `currency`. */
export const Opportunity = z
  .object({
    opportunityId: OpportunityId,
    partnerId: PartnerId,
    sourceId: SourceId,
    /** The source's own id. */
    externalId: z.string().min(1).max(200),
    customerAccount: z.string().max(200).nullable(),
    /** As the feed spells it. */
    product: z.string().max(200).nullable(),
    stage: z.string().max(100),
    stageHistory: z.array(StageEntry).max(20),
    outcome: OpportunityOutcome,
    /** The date it entered the first working stage. */
    engagedOn: CalendarDate.nullable(),
    closedOn: CalendarDate.nullable(),
    currency: Currency,
    amountMinor: z.number().int().nullable(),
    /** From the price list when the feed has none; null while the product is unknown. */
    listAmountMinor: z.number().int().nullable(),
    defects: z.array(Defect).max(20),
    /** Fields a person set with a reason; a feed no longer changes them. */
    corrected: z.array(z.string()).max(20),
    importId: ImportId.nullable(),
    revision: z.number().int().positive(),
    receivedAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
  })
  .meta({ id: "Opportunity" });
export type Opportunity = z.infer<typeof Opportunity>;
