import { z } from "zod";

/** What a key may be good for. */
export const ApiKeyScope = z
  .enum([
    "figures:read",
    "figures:write",
    "opportunities:read",
    "opportunities:write",
    "partners:read",
    "partners:write",
    "rankings:read",
    "reviews:read",
    "scorecards:read",
  ])
  .meta({ id: "ApiKeyScope" });
export type ApiKeyScope = z.infer<typeof ApiKeyScope>;

/**
 * The permissions that each scope stands for; a key holds no other. None of them administers people,
 * keys, programs or the tenant, and none decides anything that a person answers for.
 */
export const scopePermissions = {
  "figures:read": ["figure:read"],
  "figures:write": ["figure:read", "figure:put"],
  "opportunities:read": ["opportunity:read"],
  /** Facts come in by imports alone, so that each is checked and traced to its file. */
  "opportunities:write": ["source:read", "import:create", "import:read", "data-quality-flag:read"],
  "partners:read": ["partner:read"],
  "partners:write": ["partner:create", "partner:update"],
  "rankings:read": ["ranking:read", "ranking-position:read"],
  "reviews:read": ["review:read", "cycle:read"],
  "scorecards:read": ["scorecard:read", "program-version:read"],
} as const satisfies Record<ApiKeyScope, readonly string[]>;

/** What is of all partners: a key of one partner does it for that partner where a site is named, or not at all. */
export const ofEveryPartner: ReadonlySet<string> = new Set([
  "data-quality-flag:read",
  "import:create",
  "import:read",
  "partner:create",
  "ranking:read",
  "source:read",
]);

/** What some key can hold. */
export type KeyPermission = (typeof scopePermissions)[ApiKeyScope][number];
