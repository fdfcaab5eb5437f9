import { requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { changesBetween, linksOf } from "./playbook.ts";
import type { PlaybookStore } from "./repository.ts";
import type { PlaybookLinks, PlaybookVersion, PublishedPage, VersionChanges } from "./schema.ts";

type Context = RequestContext<PlaybookStore>;

/** The newest first. @throws DomainError permission-denied */
export async function listPlaybookVersions(
  ctx: Context,
  page: PageRequest,
): Promise<Page<PlaybookVersion>> {
  requirePermission(ctx.actor, "playbook:read");
  return ctx.store.playbook.versions(page);
}

/** @param number undefined for the newest @throws DomainError permission-denied | playbook-version-not-found */
export async function getPlaybookVersion(ctx: Context, number?: number): Promise<PlaybookVersion> {
  requirePermission(ctx.actor, "playbook:read");
  const { playbook } = ctx.store;
  const found = number === undefined ? await playbook.latest() : await playbook.version(number);
  return found ?? raise("playbook-version-not-found");
}

/** @param from 0 for everything there is @throws DomainError permission-denied | playbook-version-not-found */
export async function getPlaybookChanges(
  ctx: Context,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<VersionChanges> {
  const after = await getPlaybookVersion(ctx, to);
  const before = from === 0 ? undefined : await getPlaybookVersion(ctx, from);
  return { from, to, ...changesBetween(before, after) };
}

/** @throws DomainError permission-denied | playbook-version-not-found | playbook-page-not-found */
export async function getPlaybookPage(
  ctx: Context,
  { slug, number }: { readonly slug: string; readonly number?: number },
): Promise<PublishedPage> {
  const version = await getPlaybookVersion(ctx, number);
  const listed = version.pages.find((page) => page.slug === slug);
  if (!listed) return raise("playbook-page-not-found");
  const stored = await ctx.store.playbook.text(slug, listed.textSince);
  const { text } = stored ?? raise("playbook-page-not-found");
  return { ...listed, text, version: version.number };
}

/** What a cycle that opens now keeps; undefined where nothing is published or no step has a page. */
export async function currentLinks({ store }: Context): Promise<PlaybookLinks | undefined> {
  const latest = await store.playbook.latest();
  const links = latest && linksOf(latest);
  return links && links.steps.length > 0 ? links : undefined;
}

/** What a cycle has kept, by the version that it names. */
export async function linksOfVersion(
  { store }: Context,
  number: number,
): Promise<PlaybookLinks | undefined> {
  const version = await store.playbook.version(number);
  return version && linksOf(version);
}
