import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { noPlaybook, publish, write } from "./playbook.ts";
import type { PlaybookStore } from "./repository.ts";
import type { Playbook, PublishPlaybook, WritePlaybook } from "./schema.ts";

type Context = RequestContext<PlaybookStore>;

/** The draft, for who writes it. @throws DomainError permission-denied */
export async function getPlaybookDraft(ctx: Context): Promise<Playbook> {
  requirePermission(ctx.actor, "playbook:write");
  return (await ctx.store.playbook.get()) ?? noPlaybook;
}

async function currentOf({ store }: Context, ifVersion: number): Promise<Playbook> {
  const current = (await store.playbook.get()) ?? noPlaybook;
  return current.version === ifVersion ? current : raise("version-stale");
}

/**
 * Writes the draft whole; what is published stays as it is.
 * @throws DomainError permission-denied | version-stale | playbook-invalid
 */
export async function writePlaybook(
  ctx: Context,
  { ifVersion, draft }: { readonly ifVersion: number; readonly draft: WritePlaybook },
): Promise<Playbook> {
  const by = requirePermission(ctx.actor, "playbook:write");
  const { next, event } = write(await currentOf(ctx, ifVersion), draft, by, ctx.now);
  await ctx.store.playbook.save(next, event);
  return next;
}

/**
 * Publishes the draft as the next version, which both sides read at once.
 * @throws DomainError permission-denied | version-stale | playbook-invalid | playbook-unchanged
 */
export async function publishPlaybook(
  ctx: Context,
  { ifVersion, note }: { readonly ifVersion: number } & PublishPlaybook,
): Promise<Playbook> {
  const by = requirePermission(ctx.actor, "playbook:write");
  const current = await currentOf(ctx, ifVersion);
  const before = await ctx.store.playbook.version(current.published);
  const { next, event, published, texts } = publish(current, before, note, by, ctx.now);
  await ctx.store.playbook.publish(next, event, published, texts);
  return next;
}
