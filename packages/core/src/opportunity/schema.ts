import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { CalendarDate } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { ImportId, OpportunityId, PartnerId, SourceId } from "../id/index.ts";
import { Currency } from "../money/index.ts";
import { Defect } from "../source/index.ts";

export const OpportunityOutcome = z
  .enum(["open", "won", "lost"])
  .meta({ id: "OpportunityOutcome" });
export type OpportunityOutcome = z.infer<typeof OpportunityOutcome>;

/** The people whose corrections of one fact are remembered on it; every correction is an event. */
export const MOST_CORRECTORS = 10;

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
    customerAccount: classified("opportunity.customerAccount", z.string().max(200).nullable()),
    /** As the feed spells it. */
    product: classified("opportunity.product", z.string().max(200).nullable()),
    stage: z.string().max(100),
    stageHistory: z.array(StageEntry).max(20),
    outcome: OpportunityOutcome,
    /** The date it entered the first working stage. */
    engagedOn: CalendarDate.nullable(),
    closedOn: CalendarDate.nullable(),
    currency: Currency,
    amountMinor: classified("opportunity.amount", z.number().int().nullable()),
    /** From the price list when the feed has none; null while the product is unknown. */
    listAmountMinor: classified("opportunity.listAmount", z.number().int().nullable()),
    defects: z.array(Defect).max(20),
    /** Fields a person set with a reason; a feed no longer changes them. */
    corrected: z.array(z.string()).max(20),
    /** What the feed says of the corrected fields; they return to it when the correction is taken back. */
    fed: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).optional(),
    /** Who corrected it or gave it to its partner, while anything of that stands; the latest last. */
    correctedBy: z.array(ActorRef).max(MOST_CORRECTORS).optional(),
    /** A person gave it to this partner; the feed's partner no longer counts. */
    isReattributed: z.boolean().optional(),
    importId: ImportId.nullable(),
    /** Line of that import's file; null where no file told it. */
    row: z.number().int().positive().nullable(),
    revision: z.number().int().positive(),
    receivedAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
  })
  .meta({ id: "Opportunity" });
export type Opportunity = z.infer<typeof Opportunity>;

/** What the index of a source remembers of one row, so that an unchanged row is known without its fact. */
export const IndexEntry = z.object({
  /** 8 bytes of SHA-256 over the mapped cells, base64url; empty where a correction did not know it. */
  digest: z.string(),
  partnerId: PartnerId,
  row: z.number().int().positive(),
  /** A bit for each defect code. */
  defects: z.number().int().nonnegative(),
  product: z.string(),
  stage: z.string(),
  /** Of the fact. */
  revision: z.number().int().positive(),
  /** Of a re-attributed fact: the feed's partner no longer counts. */
  isPinned: z.boolean(),
});
export type IndexEntry = z.infer<typeof IndexEntry>;
