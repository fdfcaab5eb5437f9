export { type Catalog, catalogOf, type PartnerOf, textKey } from "./catalog.ts";
export { changeFlagOwner, changeSourceOwner } from "./change-owner.ts";
export { createSource } from "./create-source.ts";
export {
  Defect,
  DefectCode,
  defectBits,
  defectsOfBits,
  Severity,
  severityOf,
} from "./defect.ts";
export {
  DataQualityFlag,
  FlaggedRow,
  flagIdOf,
  flagValueOf,
  WaiveFlag,
  withOpenRows,
} from "./flag.ts";
export { getFlag, listFlaggedRows, listFlags } from "./list-flags.ts";
export { getSource, listAliases, listHeldRows, listPrices, listSources } from "./list-sources.ts";
export { FIELDS, type Field, type Preset, PresetName, presets, stageOf } from "./preset.ts";
export { putPriceList } from "./put-price-list.ts";
export type {
  AliasEvent,
  FlagEvent,
  FlagRepository,
  SourceEvent,
  SourceRepository,
  SourceStore,
} from "./repository.ts";
export {
  AddAlias,
  Alias,
  CreateSource,
  HeldRow,
  Price,
  PriceView,
  PutPriceList,
  Source,
} from "./schema.ts";
export { waiveFlag } from "./waive-flag.ts";
