import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { Slug } from "../program/index.ts";

/** What a page can belong to. */
export const PlaybookStep = z
  .enum([
    "kick-off",
    "contribution",
    "freeze",
    "dispute",
    "session",
    "sign-off",
    "development-plan",
    "close",
  ])
  .meta({ id: "PlaybookStep" });
export type PlaybookStep = z.infer<typeof PlaybookStep>;

/** The most that a playbook holds, so that its draft stays one row and a version one transaction. */
export const MOST_PAGES = 60;
export const MOST_PAGES_OF_STEP = 5;
export const MOST_BYTES = 200_000;

export const PageSlug = Slug.meta({ example: "how-to-prepare" });
const Heading = z.string().trim().min(1).max(100);
/** Plain text, such as Markdown: tabs and line ends, but no other control characters. */
const PageText = z
  .string()
  .min(1)
  .max(12_000)
  .refine((text) => !/[^\P{Cc}\t\n\r]/u.test(text), "must be plain text");

export const PlaybookPage = z
  .strictObject({ slug: PageSlug, chapter: Heading, title: Heading, text: PageText })
  .meta({ id: "PlaybookPage" });
export type PlaybookPage = z.infer<typeof PlaybookPage>;

const StepPages = z
  .partialRecord(PlaybookStep, z.array(Slug).min(1).max(MOST_PAGES_OF_STEP))
  .meta({ id: "PlaybookSteps", example: { session: ["how-to-prepare"] } });

/** The draft whole: pages in their order, and which of them belong to which step of a cycle. */
export const WritePlaybook = z
  .strictObject({ pages: z.array(PlaybookPage).max(MOST_PAGES), steps: StepPages })
  .meta({ id: "WritePlaybook" });
export type WritePlaybook = z.infer<typeof WritePlaybook>;

export const PublishPlaybook = z
  .strictObject({
    /** What is new, for its readers. */
    note: z.string().trim().min(1).max(500),
  })
  .meta({ id: "PublishPlaybook" });
export type PublishPlaybook = z.infer<typeof PublishPlaybook>;

/** What the draft is, and what of it was published last. */
export const Playbook = z
  .object({
    ...WritePlaybook.shape,
    /** Number of the newest version; 0 before the first. */
    published: z.number().int().nonnegative(),
    /** 0 while nothing was written. */
    version: z.number().int().nonnegative(),
    updatedAt: z.iso.datetime().nullable(),
    updatedBy: ActorRef.nullable(),
  })
  .meta({ id: "Playbook" });
export type Playbook = z.infer<typeof Playbook>;

const Slugs = z.array(Slug).max(MOST_PAGES);
/** What one version has otherwise than another. */
export const PageChanges = z
  .object({
    added: Slugs,
    /** Another text, title or chapter. */
    changed: Slugs,
    removed: Slugs,
    /** Steps whose pages are others. */
    steps: z.array(PlaybookStep),
  })
  .meta({ id: "PlaybookPageChanges" });
export type PageChanges = z.infer<typeof PageChanges>;

/** A page as a version lists it. */
export const ListedPage = z
  .object({
    slug: Slug,
    chapter: z.string(),
    title: z.string(),
    /** The version that has brought this text. */
    textSince: z.number().int().positive(),
    /** SHA-256 of the text. */
    digest: z.string(),
  })
  .meta({ id: "ListedPlaybookPage" });
export type ListedPage = z.infer<typeof ListedPage>;

/** One published version; it never changes. */
export const PlaybookVersion = z
  .object({
    number: z.number().int().positive(),
    note: z.string(),
    pages: z.array(ListedPage).min(1).max(MOST_PAGES),
    steps: StepPages,
    /** Against the version before. */
    changes: PageChanges,
    publishedAt: z.iso.datetime(),
    publishedBy: ActorRef,
  })
  .meta({ id: "PlaybookVersion" });
export type PlaybookVersion = z.infer<typeof PlaybookVersion>;

/** The text of a page since a version, as long as later ones keep it. */
export const StoredPageText = z.object({
  slug: Slug,
  number: z.number().int().positive(),
  text: z.string(),
});
export type StoredPageText = z.infer<typeof StoredPageText>;

export const PublishedPage = z
  .object({
    ...ListedPage.shape,
    text: z.string(),
    /** The version that was read. */
    version: z.number().int().positive(),
  })
  .meta({ id: "PublishedPlaybookPage" });
export type PublishedPage = z.infer<typeof PublishedPage>;

export const VersionChanges = z
  .object({
    from: z.number().int().nonnegative(),
    to: z.number().int().positive(),
    ...PageChanges.shape,
  })
  .meta({ id: "PlaybookVersionChanges" });
export type VersionChanges = z.infer<typeof VersionChanges>;

/** The pages of each step in the version that was the newest when a cycle opened. */
export const PlaybookLinks = z
  .object({
    version: z.number().int().positive(),
    steps: z.array(
      z.object({
        step: PlaybookStep,
        pages: z.array(z.object({ slug: Slug, title: z.string() })).max(MOST_PAGES_OF_STEP),
      }),
    ),
  })
  .meta({ id: "PlaybookLinks" });
export type PlaybookLinks = z.infer<typeof PlaybookLinks>;
