import { z } from "zod";
import { requirePermission } from "../actor/index.ts";
import type { Quarter } from "../calendar/index.ts";
import { everyItem } from "../context/index.ts";
import { type CsvRow, readCsv } from "../csv/index.ts";
import { DomainError, raise } from "../error/index.ts";
import { PartnerId, type ProgramId } from "../id/index.ts";
import { WrittenNumber } from "../metric/index.ts";
import { type Partner, partnerNameKey } from "../partner/index.ts";
import type { ProgramDefinition } from "../program/index.ts";
import { definitionAhead, type TargetContext, templateOf } from "./manage-targets.ts";
import type { PartnerTarget, ProposedTarget } from "./schema.ts";
import { isProposed, noneProposed, propose } from "./target.ts";
import { inProgramOrder, judged } from "./target-faults.ts";

const MOST_ROWS = 2_000;
const MOST_PARTNERS = 200;
const MOST_ERRORS = 100;
const SAVES_AT_ONCE = 10;

export const ImportTargets = z
  .strictObject({
    /** With the columns partner (its id or name), metric_id and target, and floor where there is one; a decimal point. */
    csv: z.string().min(1).max(500_000),
    /** Checks the file and says what it would propose. */
    isDryRun: z.boolean(),
  })
  .meta({ id: "ImportTargets" });
export type ImportTargets = z.infer<typeof ImportTargets>;

export const TargetRowError = z
  .object({
    /** The header is row 1. */
    row: z.number().int().positive(),
    column: z.string(),
    detail: z.string(),
  })
  .meta({ id: "TargetRowError" });
type TargetRowError = z.infer<typeof TargetRowError>;

export const ImportedTargets = z
  .object({
    isDryRun: z.boolean(),
    rows: z.number().int().nonnegative(),
    partners: z.array(
      z.object({
        partnerId: PartnerId,
        name: z.string(),
        targets: z.number().int().positive(),
        /** `unchanged` where the same is proposed or agreed already, `overtaken` where somebody else proposed meanwhile. */
        outcome: z.enum(["would-be-proposed", "proposed", "unchanged", "overtaken"]),
      }),
    ),
    /** Of a dry run; otherwise a file with errors is refused as a whole. */
    errors: z.array(TargetRowError),
  })
  .meta({ id: "ImportedTargets" });
export type ImportedTargets = z.infer<typeof ImportedTargets>;

const COLUMNS = ["partner", "metric_id", "target"] as const;
const columnOf = { metricId: "metric_id", target: "target", floor: "floor" } as const;

type Row = CsvRow<(typeof COLUMNS)[number] | "floor">;

/** @throws DomainError targets-invalid where it is no such file at all */
const rowsOf = (csv: string): Row[] =>
  readCsv(csv, { required: COLUMNS, optional: ["floor"], mostRows: MOST_ROWS }, (detail) =>
    raise("targets-invalid", detail),
  );

const numberOf = (text: string): number | undefined =>
  /^-?\d+(\.\d+)?$/.test(text) ? WrittenNumber.safeParse(Number(text)).data : undefined;

/** A name that differs only in case or spacing is the same; an id is an id. */
async function partnersByText(ctx: TargetContext): Promise<ReadonlyMap<string, Partner>> {
  const found = new Map<string, Partner>();
  for await (const partner of everyItem((page) => ctx.store.partners.list(page))) {
    found.set(partner.partnerId, partner);
    found.set(partnerNameKey(partner.name), partner);
  }
  return found;
}

interface Plan {
  readonly partner: Partner;
  readonly targets: PartnerTarget[];
}

/** What the rows propose to whom, and what is wrong with them. */
function planOf(
  rows: readonly Row[],
  partners: ReadonlyMap<string, Partner>,
  definition: ProgramDefinition,
): { plans: Plan[]; errors: TargetRowError[] } {
  const plans = new Map<PartnerId, Plan>();
  const errors: TargetRowError[] = [];
  for (const { row, cells } of rows) {
    const add = (column: string, detail: string) => errors.push({ row, column, detail });
    const partner = partners.get(cells.partner) ?? partners.get(partnerNameKey(cells.partner));
    if (!partner) {
      add("partner", cells.partner === "" ? "is empty" : "there is no such partner");
      continue;
    }
    const [target, floor] = [numberOf(cells.target), numberOf(cells.floor)];
    const wanted = "must be a number with a decimal point and at most 4 decimals";
    if (target === undefined) add("target", wanted);
    if (floor === undefined && cells.floor !== "") add("floor", wanted);
    if (target === undefined || (floor === undefined && cells.floor !== "")) continue;
    const metricId = cells.metric_id;
    const proposed: ProposedTarget = {
      metricId,
      target,
      ...(floor === undefined ? {} : { floor }),
    };
    const result = judged(proposed, templateOf(definition, partner));
    const plan = plans.get(partner.partnerId) ?? { partner, targets: [] };
    if ("field" in result) add(columnOf[result.field], result.detail);
    else if (plan.targets.some((one) => one.metricId === metricId)) {
      add("metric_id", `repeats ${metricId} of ${partner.name}`);
    } else {
      plan.targets.push(result.target);
      plans.set(partner.partnerId, plan);
    }
  }
  return { plans: [...plans.values()], errors };
}

/**
 * Proposes the targets of many partners at once. All rows are checked before the first is written; a repeat changes
 * nothing.
 * @throws DomainError permission-denied | targets-invalid with every wrong row and column | target-program-missing |
 *   target-quarter-begun
 */
export async function importTargets(
  ctx: TargetContext,
  { programId, from }: { readonly programId: ProgramId; readonly from: Quarter },
  { csv, isDryRun }: ImportTargets,
): Promise<ImportedTargets> {
  const by = requirePermission(ctx.actor, "target:propose");
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const definition = definitionAhead(rules, { programId, from }, ctx.now);
  const rows = rowsOf(csv);
  const { plans, errors } = planOf(rows, await partnersByText(ctx), definition);
  if (plans.length > MOST_PARTNERS) {
    raise("targets-invalid", `The file names more than ${MOST_PARTNERS} partners`);
  }
  if (errors.length > 0 && !isDryRun) {
    const places = errors.slice(0, MOST_ERRORS).map(({ row, column, detail }) => ({
      pointer: `row ${row}, column ${column}`,
      detail,
    }));
    raise("targets-invalid", undefined, places);
  }
  const carryOut = async ({ partner, targets }: Plan) => {
    const { partnerId, name } = partner;
    const key = { partnerId, programId, from };
    const ordered = inProgramOrder(targets, definition.metrics);
    const done = (outcome: ImportedTargets["partners"][number]["outcome"]) => ({
      ...{ partnerId, name, targets: targets.length, outcome },
    });
    const current = (await ctx.store.targets.get(key)) ?? noneProposed(key);
    if (isProposed(current, ordered)) return done("unchanged");
    if (isDryRun) return done("would-be-proposed");
    const basis = { kind: "imported" } as const;
    const { next, event } = propose(current, { targets: ordered, basis }, by, ctx.now);
    try {
      await ctx.store.targets.save(next, event);
    } catch (error) {
      if (error instanceof DomainError && error.code === "version-stale") return done("overtaken");
      throw error;
    }
    return done("proposed");
  };
  const partners: ImportedTargets["partners"] = [];
  for (let at = 0; at < plans.length; at += SAVES_AT_ONCE) {
    partners.push(...(await Promise.all(plans.slice(at, at + SAVES_AT_ONCE).map(carryOut))));
  }
  return { isDryRun, rows: rows.length, partners, errors: errors.slice(0, MOST_ERRORS) };
}
