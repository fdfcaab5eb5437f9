import { type ActorWith, refOf } from "../actor/index.ts";
import { shortDigestOf } from "../digest/index.ts";
import { type ErrorPlace, raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import {
  MOST_BYTES,
  type PageChanges,
  type Playbook,
  type PlaybookLinks,
  type PlaybookPage,
  PlaybookStep,
  type PlaybookVersion,
  type StoredPageText,
  type WritePlaybook,
} from "./schema.ts";

export type PlaybookEvent =
  | DomainEvent<"playbook.draft-written", PageChanges & { readonly draftDigest: string }>
  | DomainEvent<"playbook.published", PageChanges & { readonly number: number }>;

/** What a tenant has before anybody has written anything. */
export const noPlaybook: Playbook = {
  ...{ pages: [], steps: {}, published: 0, version: 0, updatedAt: null, updatedBy: null },
};

/** A page without its text: what tells two of them apart. */
type Outlined = Pick<PlaybookPage, "slug" | "chapter" | "title"> & { readonly digest: string };
interface Outline {
  readonly pages: readonly Outlined[];
  readonly steps: WritePlaybook["steps"];
}
const nothing: Outline = { pages: [], steps: {} };

const outlineOf = ({ pages, steps }: WritePlaybook): Outline => ({
  steps,
  pages: pages.map(({ text, ...page }) => ({ ...page, digest: shortDigestOf(text) })),
});

/** What `after` has otherwise than `before`; the order of the pages is no change of any of them. */
export function changesBetween(before: Outline = nothing, after: Outline): PageChanges {
  const known = new Map(before.pages.map((page) => [page.slug, page]));
  const kept = new Set(after.pages.map(({ slug }) => slug));
  const isOther = (page: Outlined, old: Outlined) =>
    page.digest !== old.digest || page.title !== old.title || page.chapter !== old.chapter;
  return {
    added: after.pages.flatMap(({ slug }) => (known.has(slug) ? [] : [slug])),
    changed: after.pages.flatMap((page) => {
      const old = known.get(page.slug);
      return old && isOther(page, old) ? [page.slug] : [];
    }),
    removed: before.pages.flatMap(({ slug }) => (kept.has(slug) ? [] : [slug])),
    steps: PlaybookStep.options.filter(
      (step) => String(before.steps[step] ?? []) !== String(after.steps[step] ?? []),
    ),
  };
}

/** Pointers are into the request. */
function faultsOf({ pages, steps }: WritePlaybook): ErrorPlace[] {
  const slugs = pages.map(({ slug }) => slug);
  const faults = slugs.flatMap((slug, index) =>
    slugs.indexOf(slug) < index
      ? [{ pointer: `/pages/${index}/slug`, detail: `repeats ${slug}` }]
      : [],
  );
  for (const [step, wanted] of Object.entries(steps)) {
    wanted?.forEach((slug, index) => {
      const pointer = `/steps/${step}/${index}`;
      if (!slugs.includes(slug)) faults.push({ pointer, detail: `there is no page ${slug}` });
      if (wanted.indexOf(slug) < index) faults.push({ pointer, detail: `repeats ${slug}` });
    });
  }
  const bytes = Buffer.byteLength(JSON.stringify(pages));
  if (bytes > MOST_BYTES) {
    const detail = `must be at most ${MOST_BYTES} bytes in all, and is ${bytes}`;
    faults.push({ pointer: "/pages", detail });
  }
  return faults;
}

/** The draft in place of the one before. @throws DomainError playbook-invalid with every fault */
export function write(
  current: Playbook,
  draft: WritePlaybook,
  by: ActorWith<"playbook:write">,
  now: Date,
): { next: Playbook; event: PlaybookEvent } {
  const faults = faultsOf(draft);
  if (faults.length > 0) raise("playbook-invalid", undefined, faults);
  const { pages, steps } = draft;
  const event = eventOf("playbook.draft-written", by, now, {
    ...changesBetween(outlineOf(current), outlineOf(draft)),
    draftDigest: shortDigestOf({ pages, steps }),
  });
  return { next: changed(current, { pages, steps }, by, event.at), event };
}

const changed = (
  current: Playbook,
  changes: Partial<Playbook>,
  by: ActorWith<"playbook:write">,
  updatedAt: string,
): Playbook => ({
  ...current,
  ...changes,
  ...{ version: current.version + 1, updatedAt, updatedBy: refOf(by) },
});

const isSame = (before: PlaybookVersion | undefined, after: Outline, changes: PageChanges) =>
  before !== undefined &&
  Object.values(changes).every((slugs) => slugs.length === 0) &&
  String(before.pages.map(({ slug }) => slug)) === String(after.pages.map(({ slug }) => slug));

/**
 * The draft as the next version; texts that an earlier one has brought are not stored again.
 * @param before the newest version; undefined for the first
 * @throws DomainError playbook-invalid | playbook-unchanged
 */
export function publish(
  current: Playbook,
  before: PlaybookVersion | undefined,
  note: string,
  by: ActorWith<"playbook:write">,
  now: Date,
): { next: Playbook; event: PlaybookEvent; published: PlaybookVersion; texts: StoredPageText[] } {
  const outline = outlineOf(current);
  if (outline.pages.length === 0) {
    raise("playbook-invalid", undefined, [{ pointer: "/pages", detail: "must be at least one" }]);
  }
  const changes = changesBetween(before, outline);
  if (isSame(before, outline, changes)) raise("playbook-unchanged");
  const number = current.published + 1;
  const texts: StoredPageText[] = [];
  const pages = outline.pages.map((page, index) => {
    const old = before?.pages.find(({ slug }) => slug === page.slug);
    if (old?.digest === page.digest) return { ...page, textSince: old.textSince };
    texts.push({ slug: page.slug, number, text: current.pages[index]?.text ?? "" });
    return { ...page, textSince: number };
  });
  const event = eventOf("playbook.published", by, now, { ...changes, number });
  return {
    next: changed(current, { published: number }, by, event.at),
    event,
    published: {
      ...{ number, note, pages, steps: outline.steps, changes },
      ...{ publishedAt: event.at, publishedBy: event.by },
    },
    texts,
  };
}

/** What each step of a cycle leads to, in the order of the steps. */
export const linksOf = ({ number, pages, steps }: PlaybookVersion): PlaybookLinks => ({
  version: number,
  steps: PlaybookStep.options.flatMap((step) => {
    const wanted = steps[step] ?? [];
    const linked = wanted.flatMap((slug) => {
      const page = pages.find((one) => one.slug === slug);
      return page ? [{ slug, title: page.title }] : [];
    });
    return linked.length > 0 ? [{ step, pages: linked }] : [];
  }),
});
