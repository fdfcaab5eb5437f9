import { type ActorWith, isOtherPartner } from "../actor/index.ts";
import { type RosterStore, requireDuty } from "../assignment/index.ts";
import { type ContentionStore, untilFree } from "../contention/index.ts";
import type { RequestContext } from "../context/index.ts";
import { type ErrorPlace, raise } from "../error/index.ts";
import { PartnerId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import type { RollupStore } from "../rollup/index.ts";
import type { SourceStore } from "../source/index.ts";
import { faultsOf, figureTerms, monthsAfter, received, requireSupplier } from "./figure.ts";
import { figuresIn } from "./figures-in-csv.ts";
import { FIGURES_A_TRANSACTION, type FigureStore } from "./repository.ts";
import type { FigureTerms, GivenFigure, ImportedFigures, ImportFigures } from "./schema.ts";

type Context = RequestContext<
  ContentionStore &
    FigureStore &
    PartnerStore &
    ProgramStore &
    RollupStore &
    RosterStore & { readonly sources: Pick<SourceStore["sources"], "partnerNamed"> }
>;

/** A row that names a partner and a measure there are. */
interface Row {
  readonly partnerId: PartnerId;
  readonly terms: FigureTerms;
  readonly given: GivenFigure;
}

const MOST_FAULTS = 100;
/** Partners that are looked up at once. */
const AT_ONCE = 20;

/**
 * Takes figures from another system: all are checked before the first is written, and each partner's are
 * written in transactions of their own. Repeating it, also after a failure half-way, ends in the same state.
 * @throws DomainError permission-denied | duty-of-others | figures-invalid with every wrong row | figure-of-vendor |
 *   changes-contended
 */
export async function importFigures(
  ctx: Context,
  { figures = [], csv, isDryRun }: ImportFigures,
): Promise<ImportedFigures> {
  if (csv !== undefined) return importCsv(ctx, csv, isDryRun);
  const { rows, faults } = await checkedRows(ctx, figures);
  refuse(
    faults.map(({ index, field, detail }) => ({
      pointer: `/figures/${index}${field === "" ? "" : `/${field}`}`,
      detail,
    })),
  );
  return takeRows(ctx, rows, isDryRun);
}

/** @throws DomainError figures-invalid where there is anything wrong */
function refuse(places: readonly ErrorPlace[]): void {
  if (places.length > 0) raise("figures-invalid", undefined, places.slice(0, MOST_FAULTS));
}

/** All or none where one is wrong; a dry run answers with what is. */
async function importCsv(ctx: Context, csv: string, isDryRun: boolean): Promise<ImportedFigures> {
  const { read, errors } = figuresIn(csv);
  const given = read.map(({ figure }) => figure);
  const { rows, faults } = await checkedRows(ctx, given);
  const found = faults.map(({ index, field, detail }) => ({
    row: read[index]?.row ?? 1,
    column: field === "" ? "month" : field,
    detail,
  }));
  const all = [...errors, ...found].sort((a, b) => a.row - b.row);
  if (isDryRun) {
    return { ...(await takeRows(ctx, rows, true)), errors: all.slice(0, MOST_FAULTS) };
  }
  refuse(
    all.map(({ row, column, detail }) => ({ pointer: `row ${row}, column ${column}`, detail })),
  );
  return takeRows(ctx, rows, false);
}

async function takeRows(
  ctx: Context,
  rows: readonly Row[],
  isDryRun: boolean,
): Promise<ImportedFigures> {
  const result = { isDryRun, added: 0, changed: 0, unchanged: 0 };
  const actors = await suppliersOf(ctx, rows);
  for (const [partnerId, own] of Map.groupBy(rows, (row) => row.partnerId)) {
    const by = actors.get(partnerId);
    for (let at = 0; by && at < own.length; at += FIGURES_A_TRANSACTION) {
      const part = own.slice(at, at + FIGURES_A_TRANSACTION);
      const taken = await takePart(ctx, part, by, isDryRun);
      result.added += taken.added;
      result.changed += taken.changed;
      result.unchanged += part.length - taken.added - taken.changed;
    }
  }
  return result;
}

/** Finds the partners that are named, each once; nothing for those that the caller has no business with. */
async function partnersNamed(
  ctx: Context,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, PartnerId>> {
  const found = new Map<string, PartnerId>();
  const find = async (name: string): Promise<void> => {
    const id = PartnerId.safeParse(name);
    const partnerId = id.success
      ? (await ctx.store.partners.get(id.data))?.partnerId
      : await ctx.store.sources.partnerNamed(name);
    if (partnerId && !isOtherPartner(ctx.actor, partnerId)) found.set(name, partnerId);
  };
  const all = [...names];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    await Promise.all(all.slice(at, at + AT_ONCE).map(find));
  }
  return found;
}

interface Fault {
  readonly index: number;
  /** Empty where it is the figure as a whole. */
  readonly field: string;
  readonly detail: string;
}

/** What can be taken, and what is wrong with the rest, by their places in the list. */
async function checkedRows(
  ctx: Context,
  figures: readonly GivenFigure[],
): Promise<{ rows: Row[]; faults: Fault[] }> {
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const partners = await partnersNamed(ctx, new Set(figures.map(({ partner }) => partner)));
  const terms = new Map(figureTerms(rules).map((one) => [one.measure, one]));
  const faults: Fault[] = [];
  const seen = new Map<string, number>();
  const rows = figures.flatMap((given, index): Row[] => {
    const add = (field: string, detail: string) => faults.push({ index, field, detail });
    const partnerId = partners.get(given.partner);
    const own = terms.get(given.measure);
    if (!partnerId) add("partner", "there is no such partner");
    if (!own) add("measure", `there is no figure ${given.measure}`);
    if (!partnerId || !own) return [];
    const key = `${partnerId} ${given.measure} ${given.month}`;
    const before = seen.get(key);
    if (before !== undefined) add("", `repeats the figure at ${before}`);
    seen.set(key, index);
    const wrong = faultsOf(given, own, rules, ctx.now);
    for (const { pointer, detail } of wrong) add(pointer.slice(1), detail);
    return wrong.length > 0 || before !== undefined ? [] : [{ partnerId, terms: own, given }];
  });
  return { rows, faults };
}

/** Who hands in the figures of each partner. @throws DomainError permission-denied | duty-of-others | figure-of-vendor */
async function suppliersOf(
  ctx: Context,
  rows: readonly Row[],
): Promise<ReadonlyMap<PartnerId, ActorWith<"figure:put">>> {
  const actors = new Map<PartnerId, ActorWith<"figure:put">>();
  const asked = new Set<string>();
  for (const { partnerId, terms } of rows) {
    const { programId } = terms;
    const site = `${partnerId} ${programId}`;
    const by = asked.has(site)
      ? actors.get(partnerId)
      : await requireDuty(ctx, "data-collector", "figure:put", { partnerId, programId });
    asked.add(site);
    if (!by) continue;
    requireSupplier(by, terms);
    actors.set(partnerId, by);
  }
  return actors;
}

/** Rows of one partner in one transaction; those that say what stands are left out. */
async function takePart(
  ctx: Context,
  rows: readonly Row[],
  by: ActorWith<"figure:put">,
  isDryRun: boolean,
): Promise<{ readonly added: number; readonly changed: number }> {
  const [first] = rows;
  if (!first) return { added: 0, changed: 0 };
  const { partnerId } = first;
  const keys = rows.map(({ given: { measure, month } }) => ({ partnerId, measure, month }));
  return untilFree(ctx.store, async () => {
    const [current, stored] = await Promise.all([
      ctx.store.figures.getAll(keys),
      Promise.all(
        [...new Set(keys.map(({ month }) => month))].map((month) =>
          ctx.store.rollups.month(partnerId, month),
        ),
      ),
    ]);
    const changes = rows.flatMap(({ given: { measure, month, value, of } }) => {
      const before = current.find((one) => one.measure === measure && one.month === month);
      const input = { value, of };
      return received(before, { partnerId, measure, month, input }, "imported", by, ctx.now) ?? [];
    });
    const added = changes.filter(({ next }) => next.version === 1).length;
    const taken = { added, changed: changes.length - added };
    if (isDryRun || changes.length === 0) return taken;
    const known = stored.filter((month) => month !== undefined);
    const months = monthsAfter(
      changes.map(({ next }) => next),
      known,
      ctx.now,
    );
    return (await ctx.store.figures.save(changes, months)) ? taken : undefined;
  });
}
