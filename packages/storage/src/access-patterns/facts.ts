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
import {
  drain,
  type Exercise,
  event,
  exercise,
  FIRST_PAGE,
  idOf,
  type Stores,
} from "./access-patterns.ts";
import {
  alias,
  fact,
  factReport,
  flag,
  heldRow,
  importJob,
  indexEntry,
  manifest,
  price,
  rollup,
  source,
  sourceState,
} from "./fact-values.ts";
import { partner } from "./scoring-values.ts";

const key = { partnerId: idOf(PartnerId), opportunityId: idOf(OpportunityId) };
const patch = { sourceId: idOf(SourceId), externalId: "E-1", entry: indexEntry(2) };
const rowError = { row: 2, column: "stage", code: "stage-unknown", detail: "?" } as const;
const flagged = { row: 2, column: "product", externalId: "E-1", partnerId: idOf(PartnerId) };

/** One new fact, in one month. */
const writeChunk = ({ tenant: { imports } }: Stores) =>
  imports.writeChunk({
    manifest: manifest(),
    sourceId: idOf(SourceId),
    changes: [{ after: fact() }],
    rollups: [rollup()],
    released: [],
  });
const correct = ({ tenant: { opportunities } }: Stores) =>
  opportunities.decide({
    change: { before: fact(), after: fact(1, { amountMinor: 310_000, revision: 2 }) },
    rollups: [rollup({ version: 2 })],
    event: event("opportunity.corrected"),
    index: patch,
    flags: [],
  });
const queue = ({ tenant: { imports } }: Stores) =>
  imports.save(importJob(), event("import.requested"));
const addAlias = ({ tenant: { imports } }: Stores) =>
  imports.request(alias(), event("source.alias-added"), importJob(), event("import.requested"));
const keepErrors = ({ tenant: { imports } }: Stores) =>
  imports.putRowErrors(idOf(ImportId), [rowError]);
const putIndex = ({ tenant: { imports } }: Stores) =>
  imports.putIndex(idOf(SourceId), 1, new Map([["E-1", indexEntry()]]));
const indexed = async (stores: Stores) => {
  await writeChunk(stores);
  await correct(stores);
  await putIndex(stores);
};
const addSource = ({ tenant: { sources } }: Stores) =>
  sources.save(source(), event("source.created"));
const putPrices = ({ tenant: { sources } }: Stores) => sources.putPrices([price()]);
const hold = ({ tenant: { sources } }: Stores) => sources.holdRows([heldRow()]);
const raiseFlag = ({ tenant: { flags } }: Stores) =>
  flags.save(flag(), event("data-quality-flag.counted"));
const listBehind = ({ tenant: { flags } }: Stores) => flags.putRows(idOf(FlagId), [flagged], 0);
const report = ({ tenant: { opportunities } }: Stores) =>
  opportunities.saveReport(factReport(), event("fact-report.created"));
const nothing = async () => undefined;

export const factExercises: readonly Exercise[] = [
  exercise("AP-60", writeChunk, ({ tenant: { opportunities } }) =>
    opportunities.get(key.partnerId, key.opportunityId),
  ),
  exercise("AP-61", writeChunk, ({ tenant: { opportunities } }) => opportunities.getAll([key])),
  exercise("AP-62", writeChunk, ({ tenant: { opportunities } }) =>
    drain(opportunities.ofPartner(key.partnerId)),
  ),
  exercise("AP-63", writeChunk, ({ tenant: { opportunities } }) =>
    opportunities.list(key.partnerId, FIRST_PAGE),
  ),
  exercise("AP-64", writeChunk, correct),
  exercise("AP-65", writeChunk, ({ tenant: { rollups } }) =>
    rollups.months(key.partnerId, "2027-12"),
  ),
  exercise("AP-66", writeChunk, ({ tenant: { rollups } }) =>
    rollups.replace([rollup({ version: 2 })]),
  ),

  exercise("AP-318", nothing, ({ tenant: { imports } }) =>
    imports.announce(importJob(), event("import.requested"), { today: "2027-01-15", limit: 5 }),
  ),
  exercise("AP-67", queue, ({ tenant: { imports } }) => imports.get(idOf(ImportId))),
  exercise("AP-68", queue, ({ tenant: { imports } }) => imports.list(FIRST_PAGE)),
  exercise("AP-69", nothing, queue),
  exercise("AP-70", nothing, addAlias),
  exercise("AP-71", queue, ({ tenant: { imports } }) =>
    imports.saveProgress(importJob({ version: 2, status: "running" })),
  ),
  exercise("AP-72", nothing, keepErrors),
  exercise("AP-73", keepErrors, ({ tenant: { imports } }) =>
    imports.listRowErrors(idOf(ImportId), FIRST_PAGE),
  ),
  exercise("AP-74", nothing, writeChunk),
  exercise("AP-75", writeChunk, ({ tenant: { imports } }) =>
    drain(imports.manifests(idOf(ImportId))),
  ),
  exercise("AP-76", nothing, ({ tenant: { imports } }) => imports.state(idOf(SourceId))),
  exercise("AP-77", nothing, ({ tenant: { imports } }) => imports.saveState(sourceState())),
  exercise("AP-78", indexed, ({ tenant: { imports } }) =>
    imports.loadIndex(sourceState({ generation: 1, pages: 1, unpagedImports: [idOf(ImportId)] })),
  ),
  exercise("AP-79", nothing, putIndex),
  exercise("AP-80", indexed, ({ tenant: { imports } }) =>
    imports.dropIndex(sourceState({ generation: 1, pages: 1 }), new Map([["E-1", indexEntry(2)]])),
  ),

  exercise("AP-81", addSource, ({ tenant: { sources } }) => sources.get(idOf(SourceId))),
  exercise("AP-82", addSource, ({ tenant: { sources } }) => sources.list(FIRST_PAGE)),
  exercise("AP-83", nothing, addSource),
  exercise("AP-84", putPrices, ({ tenant: { sources } }) => sources.prices(idOf(SourceId))),
  exercise("AP-85", addAlias, ({ tenant: { sources } }) => sources.aliases(idOf(SourceId))),
  exercise("AP-86", hold, ({ tenant: { sources } }) =>
    sources.listHeldRows(idOf(SourceId), FIRST_PAGE),
  ),
  exercise(
    "AP-87",
    ({ tenant: { partners } }) => partners.save(partner(), event("partner.created")),
    ({ tenant: { sources } }) => sources.partnerNamed(partner().name),
  ),
  exercise("AP-88", raiseFlag, ({ tenant: { flags } }) => flags.get(idOf(FlagId))),
  exercise("AP-89", nothing, raiseFlag),

  exercise("AP-150", raiseFlag, ({ tenant: { flags } }) => flags.list("open", FIRST_PAGE)),
  exercise("AP-252", raiseFlag, ({ tenant: { flags } }) =>
    flags.workOf(idOf(MemberId), FIRST_PAGE),
  ),
  exercise("AP-151", raiseFlag, ({ tenant: { flags } }) => flags.ofSource(idOf(SourceId))),
  exercise("AP-152", nothing, listBehind),
  exercise("AP-153", listBehind, ({ tenant: { flags } }) =>
    flags.listRows(idOf(FlagId), FIRST_PAGE),
  ),
  exercise("AP-154", putPrices, ({ tenant: { sources } }) =>
    sources.listPrices(idOf(SourceId), FIRST_PAGE),
  ),
  exercise("AP-155", nothing, putPrices),
  exercise("AP-156", addAlias, ({ tenant: { sources } }) =>
    sources.listAliases(idOf(SourceId), FIRST_PAGE),
  ),
  exercise("AP-157", addAlias, ({ tenant: { sources } }) =>
    sources.getAlias(idOf(SourceId), idOf(AliasId)),
  ),
  exercise("AP-158", hold, ({ tenant: { sources } }) => drain(sources.heldRows(idOf(SourceId)))),
  exercise("AP-159", nothing, hold),
  exercise("AP-160", report, ({ tenant: { opportunities } }) =>
    opportunities.report(idOf(PartnerId), idOf(FactReportId)),
  ),
  exercise("AP-161", report, ({ tenant: { opportunities } }) =>
    opportunities.listReports(idOf(PartnerId), FIRST_PAGE),
  ),
  exercise("AP-162", report, ({ tenant: { opportunities } }) =>
    opportunities.listReportWork(idOf(MemberId), FIRST_PAGE),
  ),
  exercise("AP-163", nothing, report),
];
