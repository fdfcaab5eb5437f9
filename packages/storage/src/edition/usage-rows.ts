import { type Counted, type EditionName, editionOf } from "@concord/core/edition";
import type { ErrorCode } from "@concord/core/error";
import type { Condition } from "../dynamo-table/condition.ts";
import type { Write } from "../dynamo-table/contract.ts";
import type { Item } from "../dynamo-table/item.ts";
import type { TenantKeys } from "../keys/index.ts";

const ENTITY = "Usage";
const ALL = ["partners", "members", "programs"] as const satisfies readonly Counted[];
const limitName = (what: Counted): string => `${what}Limit`;

interface Also {
  readonly write: Write;
  readonly otherwise: ErrorCode;
}

/**
 * Counts one more, or one less, in the transaction of what comes or goes. Count and limit stand in one
 * row, so that its condition alone decides who of two gets the last place, and nothing is read.
 */
export function countedWrite(keys: TenantKeys, what: Counted, by: 1 | -1): Also {
  const names = {
    "#used": what,
    "#entity": "entity",
    "#schemaVersion": "schemaVersion",
  };
  const values = { ":by": by, ":zero": 0, ":entity": ENTITY, ":one": 1 };
  const room: Condition =
    by === 1
      ? {
          expression: `attribute_not_exists(#limit) OR attribute_not_exists(#used) OR #used < #limit`,
          names: { ...names, "#limit": limitName(what) },
          values,
        }
      : {
          expression: "attribute_exists(#pk) OR attribute_not_exists(#pk)",
          names: { ...names, "#pk": "pk" },
          values,
        };
  return {
    write: {
      update: keys.usage(),
      expression:
        "SET #used = if_not_exists(#used, :zero) + :by, #entity = :entity, #schemaVersion = :one",
      condition: room,
    },
    otherwise: "edition-limit-reached",
  };
}

const limitsOf = (edition: EditionName): [Counted, number | null][] => {
  const { limits } = editionOf(edition);
  return ALL.map((what) => [what, limits[what]]);
};

/** What a tenant that is being created counts: its first owner. */
export const firstUsage = (keys: TenantKeys, edition: EditionName): Item => ({
  ...keys.usage(),
  partners: 0,
  members: 1,
  programs: 0,
  ...Object.fromEntries(
    limitsOf(edition).flatMap(([what, limit]) =>
      limit === null ? [] : [[limitName(what), limit]],
    ),
  ),
  entity: ENTITY,
  schemaVersion: 1,
});

/**
 * The limits of another edition, where everything counted fits into them.
 * @param isPaidFor set whatever is counted
 */
export function limitsWrite(keys: TenantKeys, edition: EditionName, isPaidFor = false): Also {
  const names: Record<string, string> = { "#entity": "entity", "#schemaVersion": "schemaVersion" };
  const values: Record<string, unknown> = { ":entity": ENTITY, ":one": 1 };
  const sets = ["#entity = :entity", "#schemaVersion = :one"];
  const removed: string[] = [];
  const fits = ["(attribute_not_exists(#entity) OR #entity = :entity)"];
  for (const [what, limit] of limitsOf(edition)) {
    names[`#${what}Limit`] = limitName(what);
    if (limit === null) {
      removed.push(`#${what}Limit`);
      continue;
    }
    names[`#${what}`] = what;
    values[`:${what}`] = limit;
    sets.push(`#${what}Limit = :${what}`);
    if (isPaidFor) {
      // An attribute that no expression uses is refused by the table.
      delete names[`#${what}`];
      continue;
    }
    fits.push(`(attribute_not_exists(#${what}) OR #${what} <= :${what})`);
  }
  return {
    write: {
      update: keys.usage(),
      expression: `SET ${sets.join(", ")}${removed.length > 0 ? ` REMOVE ${removed.join(", ")}` : ""}`,
      condition: { expression: fits.join(" AND "), names, values },
    },
    otherwise: "edition-too-small",
  };
}

const KEPT_DAYS = 7;

/** Counts one more import of the day, in the transaction that makes it; nothing is read. */
export const importCountedWrite = (
  keys: TenantKeys,
  today: string,
  limit: number | null,
): Also => ({
  write: {
    update: keys.importsOfDay(today),
    expression:
      "SET #used = if_not_exists(#used, :zero) + :one, #entity = :entity, #schemaVersion = :one, #expiresAt = :expiresAt",
    condition: hasRoom(today, limit),
  },
  otherwise: "edition-limit-reached",
});

const hasRoom = (today: string, limit: number | null): Condition => ({
  expression:
    limit === null
      ? "attribute_not_exists(#used) OR #used >= :zero"
      : "attribute_not_exists(#used) OR #used < :limit",
  names: {
    "#used": "used",
    "#entity": "entity",
    "#schemaVersion": "schemaVersion",
    "#expiresAt": "expiresAt",
  },
  values: {
    ":one": 1,
    ":zero": 0,
    ":entity": "ImportsOfDay",
    ":expiresAt": Date.parse(today) / 1000 + KEPT_DAYS * 86_400,
    ...(limit === null ? {} : { ":limit": limit }),
  },
});
