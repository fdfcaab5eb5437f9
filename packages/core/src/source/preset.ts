import { z } from "zod";

export const PresetName = z.enum(["crm-opportunities-v1"]).meta({ id: "MappingPreset" });
export type PresetName = z.infer<typeof PresetName>;

/** What a column of a feed means. */
export const FIELDS = [
  "externalId",
  "partner",
  "product",
  "account",
  "stage",
  "engagedOn",
  "closedOn",
  "amount",
] as const;
export type Field = (typeof FIELDS)[number];

export interface Preset {
  readonly columns: Readonly<Record<Field, string>>;
  /** Stages in the order a deal passes them; lower case is how they are compared. */
  readonly stages: readonly {
    readonly stage: string;
    readonly outcome: "open" | "won" | "lost";
  }[];
  /** The stage a deal enters on its engage date. */
  readonly workingStage: string;
}

/** Named mappings from the columns of an export to the fields of an opportunity. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  "crm-opportunities-v1": {
    columns: {
      externalId: "opportunity_id",
      partner: "sales_agent",
      product: "product",
      account: "account",
      stage: "deal_stage",
      engagedOn: "engage_date",
      closedOn: "close_date",
      amount: "close_value",
    },
    stages: [
      { stage: "Prospecting", outcome: "open" },
      { stage: "Engaging", outcome: "open" },
      { stage: "Won", outcome: "won" },
      { stage: "Lost", outcome: "lost" },
    ],
    workingStage: "Engaging",
  },
};

export const stageOf = (preset: Preset, text: string): Preset["stages"][number] | undefined => {
  const wanted = text.trim().toLowerCase();
  return preset.stages.find(({ stage }) => stage.toLowerCase() === wanted);
};
