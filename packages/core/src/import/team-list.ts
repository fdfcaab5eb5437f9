import { parse } from "csv-parse/sync";
import { z } from "zod";
import { requirePermission } from "../actor/index.ts";
import { everyItem, type RequestContext } from "../context/index.ts";
import { DomainError, type ErrorPlace, raise } from "../error/index.ts";
import { type MemberId, PartnerId } from "../id/index.ts";
import type { MemberStore } from "../member/index.ts";
import { CreatePartner, createPartner, type PartnerStore } from "../partner/index.ts";
import { type SourceStore, textKey } from "../source/index.ts";

/** The partners of a tenant as a team list names them: as rows, or as the CSV text of one. */
export const TeamList = z
  .union([
    z.strictObject({
      rows: z
        .array(
          z.strictObject({
            partner: CreatePartner.shape.name,
            partnerManager: z.string().trim().max(200).default(""),
            region: CreatePartner.shape.region,
          }),
        )
        .min(1)
        .max(1000),
    }),
    z.strictObject({
      /** With the columns sales_agent, manager and regional_office. */
      csv: z.string().min(1).max(500_000),
    }),
  ])
  .meta({ id: "TeamList" });
export type TeamList = z.infer<typeof TeamList>;

type TeamRow = Extract<TeamList, { rows: unknown }>["rows"][number];

export const TeamListResult = z
  .object({
    rows: z.array(
      z.object({
        /** 1 is the first row; of a CSV text the header is row 1. */
        row: z.number().int().positive(),
        partner: z.string(),
        outcome: z.enum(["created", "exists"]),
        partnerId: PartnerId.nullable(),
        /** Whether one member of today has the manager's name. */
        hasPartnerManager: z.boolean(),
      }),
    ),
  })
  .meta({ id: "TeamListResult" });
export type TeamListResult = z.infer<typeof TeamListResult>;

const COLUMNS = { partner: "sales_agent", partnerManager: "manager", region: "regional_office" };

/**
 * Adds the partners that are not there yet, each with the member of the manager's name as its partner
 * manager. All rows are checked before the first is written; a repeat adds none, and what is missing where it was
 * stopped: by the limit of the edition, or by a manager who left meanwhile.
 * @throws DomainError permission-denied | team-list-invalid with every wrong row | edition-limit-reached | member-unknown
 */
export async function createPartnersFromTeamList(
  ctx: RequestContext<MemberStore & PartnerStore & SourceStore>,
  list: TeamList,
): Promise<TeamListResult> {
  requirePermission(ctx.actor, "partner:create");
  const rows = "rows" in list ? list.rows : rowsOf(list.csv);
  const firstRow = "rows" in list ? 1 : 2;
  const managers = await membersByName(ctx);
  const result: TeamListResult["rows"] = [];
  for (const [position, { partner, partnerManager, region }] of rows.entries()) {
    const partnerManagerId = managers.get(textKey(partnerManager)) ?? null;
    const row = position + firstRow;
    const hasPartnerManager = partnerManagerId !== null;
    const existing = await ctx.store.sources.partnerNamed(partner);
    const partnerId = existing ?? (await createOnce(ctx, { partner, region }, partnerManagerId));
    const outcome = existing || partnerId === null ? "exists" : "created";
    result.push({ row, partner, outcome, partnerId, hasPartnerManager });
  }
  return { rows: result };
}

/** @returns null where another request created it at the same moment */
async function createOnce(
  ctx: RequestContext<PartnerStore>,
  { partner, region }: Pick<TeamRow, "partner" | "region">,
  partnerManagerId: MemberId | null,
): Promise<PartnerId | null> {
  try {
    const input = CreatePartner.parse({ name: partner, region, partnerManagerId });
    return (await createPartner(ctx, input)).partnerId;
  } catch (error) {
    if (error instanceof DomainError && error.code === "partner-name-taken") return null;
    throw error;
  }
}

/** Of those who are members today; a name that two of them have is nobody's. */
async function membersByName(
  ctx: RequestContext<MemberStore>,
): Promise<Map<string, MemberId | null>> {
  const byName = new Map<string, MemberId | null>();
  const members = everyItem((page) => ctx.store.members.list(page));
  for await (const { displayName, memberId, status } of members) {
    if (status === "ended") continue;
    const key = textKey(displayName);
    byName.set(key, byName.has(key) ? null : memberId);
  }
  return byName;
}

function rowsOf(csv: string): TeamRow[] {
  let records: string[][];
  try {
    records = parse(csv, { bom: true, skip_empty_lines: true, max_record_size: 10_000 });
  } catch (error) {
    raise("team-list-invalid", `The list is not CSV: ${String(error).slice(0, 200)}`);
  }
  const [header = [], ...body] = records;
  const names = header.map((name) => name.trim().toLowerCase());
  const positions = Object.entries(COLUMNS).map(([field, column]) => {
    const position = names.indexOf(column);
    if (position < 0) raise("team-list-invalid", `The header lacks the column "${column}"`);
    return [field, position] as const;
  });
  if (body.length === 0) raise("team-list-invalid", "The list has no rows");
  const places: ErrorPlace[] = [];
  const rows = body.flatMap((cells, position) => {
    const row = Object.fromEntries(positions.map(([field, at]) => [field, cells[at] ?? ""]));
    const parsed = CreatePartner.pick({ name: true, region: true }).safeParse({
      name: row["partner"],
      region: row["region"],
    });
    if (parsed.success) {
      const { name: partner, region } = parsed.data;
      return [{ partner, region, partnerManager: row["partnerManager"] ?? "" }];
    }
    const column = parsed.error.issues[0]?.path[0] === "name" ? COLUMNS.partner : COLUMNS.region;
    const place = `row ${position + 2}, column ${column}`;
    places.push({ pointer: place, detail: "is empty or too long" });
    return [];
  });
  if (places.length > 0) raise("team-list-invalid", undefined, places.slice(0, 100));
  return rows;
}
