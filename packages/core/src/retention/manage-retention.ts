import { requirePermission } from "../actor/index.ts";
import { dateAt } from "../calendar/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { requireRetention, type SubscriptionStore } from "../edition/index.ts";
import { raise } from "../error/index.ts";
import { isHeld } from "../legal-hold/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { dueRecords, type RecordStore } from "./due-records.ts";
import type { RetentionStore } from "./repository.ts";
import { runTimer, setRules, upToOf, usualRules } from "./retention.ts";
import {
  type RetentionDays,
  RetentionKind,
  type RetentionPreview,
  type RetentionRules,
  type RetentionRunView,
  RetentionRunView as RunView,
  type SetRetentionRules,
} from "./schema.ts";

type Context = RequestContext<RetentionStore>;

/** @throws DomainError permission-denied */
export async function getRetention(ctx: Context): Promise<RetentionRules> {
  requirePermission(ctx.actor, "retention:read");
  return (await ctx.store.retention.rules()) ?? usualRules;
}

/** What they remove goes from the next morning on. @throws DomainError permission-denied | version-stale | edition-limit-reached */
export async function setRetention(
  ctx: RequestContext<RetentionStore & SubscriptionStore & TenantProfileStore>,
  { ifVersion, rules }: { readonly ifVersion: number; readonly rules: SetRetentionRules },
): Promise<RetentionRules> {
  const by = requirePermission(ctx.actor, "retention:manage");
  const { retention, tenant } = ctx.store;
  const current = (await retention.rules()) ?? usualRules;
  if (current.version !== ifVersion) raise("version-stale");
  const longest = Math.max(0, ...Object.values(rules.days));
  if (longest > 0) await requireRetention(ctx, longest);
  const calendar = (await tenant.get()) ?? raise("tenant-not-found");
  const { next, event } = setRules(current, rules.days, by, ctx.now);
  const timers = longest > 0 ? [runTimer(calendar, ctx.now)] : [];
  await retention.saveRules(next, event, timers);
  return next;
}

/** So many steps of a search fit an answer. */
const MOST_STEPS = 150;

/** What rules would remove today, were they saved. @throws DomainError permission-denied */
export async function previewRetention(
  ctx: RequestContext<RetentionStore & RecordStore & TenantProfileStore>,
  days: RetentionDays,
): Promise<RetentionPreview> {
  requirePermission(ctx.actor, "retention:read");
  const { retention, tenant } = ctx.store;
  const calendar = (await tenant.get()) ?? raise("tenant-not-found");
  const { holds } = await retention.basis();
  const day = dateAt(ctx.now, calendar);
  const upTo = upToOf(days, day);
  const counts = new Map(RetentionKind.options.map((kind) => [kind, { removed: 0, held: 0 }]));
  const { store, now } = ctx;
  let steps = 0;
  let isWhole = true;
  for await (const found of dueRecords({ store, calendar, now, upTo, clearedUpTo: {} }, null)) {
    for (const { kind, partnerId } of found.records) {
      const count = counts.get(kind);
      if (count) count[isHeld(holds, partnerId) ? "held" : "removed"] += 1;
    }
    steps += 1;
    if (steps < MOST_STEPS || found.position === undefined) continue;
    isWhole = false;
    break;
  }
  const outcomes = RetentionKind.options.flatMap((kind) => {
    const [kept, until] = [days[kind], upTo[kind]];
    const { removed = 0, held = 0 } = counts.get(kind) ?? {};
    if (kept === undefined || until === undefined) return [];
    return [{ kind, days: kept, upTo: until, held, wouldRemove: removed }];
  });
  return { day, outcomes, isWhole };
}

/** The newest first. @throws DomainError permission-denied */
export async function listRetentionRuns(
  ctx: Context,
  page: PageRequest,
): Promise<Page<RetentionRunView>> {
  requirePermission(ctx.actor, "retention:read");
  const { items, ...rest } = await ctx.store.retention.listRuns(page);
  return { ...rest, items: items.map((run) => RunView.parse(run)) };
}
