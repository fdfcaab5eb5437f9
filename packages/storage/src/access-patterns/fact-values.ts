import {
  AliasId,
  FactReportId,
  FlagId,
  ImportId,
  MemberId,
  OpportunityId,
  PartnerId,
  SourceId,
} from "@concord/core/id";
import type { ChunkManifest, Import, SourceState } from "@concord/core/import";
import type { FactReport, IndexEntry, Opportunity } from "@concord/core/opportunity";
import { emptyCounters, type MonthRollup } from "@concord/core/rollup";
import type { Alias, DataQualityFlag, HeldRow, Price, Source } from "@concord/core/source";
import { AT, idOf, SYSTEM } from "./access-patterns.ts";

const stamps = { createdAt: AT, updatedAt: AT };

export const source = (changes: Partial<Source> = {}): Source => ({
  sourceId: idOf(SourceId),
  name: "CRM",
  kind: "crm-export",
  preset: "crm-opportunities-v1",
  currency: "USD",
  ownerId: null,
  version: 1,
  ...stamps,
  ...changes,
});

export const price = (product = "Alpha"): Price => ({
  sourceId: idOf(SourceId),
  product,
  listAmountMinor: 482_100,
  changedAt: AT,
});

export const alias = (): Alias => ({
  kind: "product",
  aliasId: idOf(AliasId),
  sourceId: idOf(SourceId),
  text: "Alfa",
  product: "Alpha",
  version: 1,
  changedAt: AT,
});

export const heldRow = (): HeldRow => ({
  sourceId: idOf(SourceId),
  externalId: "E-1",
  reason: "partner-unknown",
  partner: "Nobody",
  cells: { stage: "Won" },
  row: 2,
  importId: idOf(ImportId),
  digest: "digest",
  heldAt: AT,
});

export const flag = (changes: Partial<DataQualityFlag> = {}): DataQualityFlag => ({
  flagId: idOf(FlagId),
  sourceId: idOf(SourceId),
  code: "product-unknown",
  column: "product",
  value: "Alfa",
  severity: "warning",
  ownerId: idOf(MemberId),
  status: "open",
  openRows: 1,
  waivedRows: 0,
  waivedReason: null,
  rowsDigest: "digest",
  rowPages: 1,
  version: 1,
  openedAt: AT,
  changedAt: AT,
  ...changes,
});

export const importJob = (changes: Partial<Import> = {}): Import => ({
  importId: idOf(ImportId),
  sourceId: idOf(SourceId),
  partnerId: null,
  status: "queued",
  file: { name: "export.csv", sizeBytes: 1000, sha256: null },
  scope: null,
  isDryRun: false,
  asOf: "2027-01-15",
  isRepeat: false,
  progress: {
    rowsRead: 0,
    rowsChanged: 0,
    rowsUnchanged: 0,
    rowsHeld: 0,
    rowsRefused: 0,
    flags: 0,
  },
  defects: [],
  unknownColumns: [],
  refusal: null,
  upload: null,
  createdBy: SYSTEM,
  createdAt: AT,
  startedAt: null,
  finishedAt: null,
  version: 1,
  ...changes,
});

export const fact = (number = 1, changes: Partial<Opportunity> = {}): Opportunity => ({
  opportunityId: idOf(OpportunityId, number),
  partnerId: idOf(PartnerId),
  sourceId: idOf(SourceId),
  externalId: `E-${number}`,
  customerAccount: "Fabrikam",
  product: "Alpha",
  stage: "Won",
  stageHistory: [],
  outcome: "won",
  engagedOn: "2027-01-10",
  closedOn: "2027-02-20",
  currency: "USD",
  amountMinor: 300_000,
  listAmountMinor: 310_000,
  defects: [],
  corrected: [],
  importId: null,
  row: null,
  revision: 1,
  receivedAt: AT,
  changedAt: AT,
  ...changes,
});

export const indexEntry = (revision = 1): IndexEntry => ({
  digest: "digest",
  partnerId: idOf(PartnerId),
  row: 2,
  defects: 0,
  product: "Alpha",
  stage: "Won",
  revision,
  isPinned: false,
});

export const rollup = (changes: Partial<MonthRollup> = {}): MonthRollup => ({
  partnerId: idOf(PartnerId),
  month: "2027-01",
  counters: { ...emptyCounters(), wonCount: 1, wonAmount: 300_000 },
  version: 1,
  changedAt: AT,
  ...changes,
});

export const manifest = (): ChunkManifest => ({
  importId: idOf(ImportId),
  group: idOf(PartnerId),
  ordinal: 0,
  entries: [["E-1", indexEntry()]],
  factsChanged: 1,
  changedAt: AT,
});

export const sourceState = (changes: Partial<SourceState> = {}): SourceState => ({
  sourceId: idOf(SourceId),
  holder: null,
  leaseUntilMs: 0,
  generation: 0,
  pages: 0,
  pagedRows: 0,
  unpagedImports: [],
  unpagedRows: 0,
  lastFileSha256: null,
  openFlags: 0,
  version: 1,
  ...changes,
});

export const factReport = (): FactReport => ({
  factReportId: idOf(FactReportId),
  partnerId: idOf(PartnerId),
  kind: "wrong",
  opportunityId: idOf(OpportunityId),
  details: null,
  text: "We closed this deal for more",
  ownerId: idOf(MemberId),
  status: "open",
  answer: null,
  answeredBy: null,
  reportedBy: SYSTEM,
  version: 1,
  ...stamps,
});
