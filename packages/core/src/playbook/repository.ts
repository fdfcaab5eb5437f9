import type { Page, PageRequest } from "../context/index.ts";
import type { PlaybookEvent } from "./playbook.ts";
import type { Playbook, PlaybookVersion, StoredPageText } from "./schema.ts";

export interface PlaybookRepository {
  /** The draft; undefined where nothing was written. */
  get(): Promise<Playbook | undefined>;
  /** @throws DomainError version-stale */
  save(next: Playbook, event: PlaybookEvent): Promise<void>;
  /** State, event, the version and its new texts in one transaction. @throws DomainError version-stale */
  publish(
    next: Playbook,
    event: PlaybookEvent,
    published: PlaybookVersion,
    texts: readonly StoredPageText[],
  ): Promise<void>;
  version(number: number): Promise<PlaybookVersion | undefined>;
  latest(): Promise<PlaybookVersion | undefined>;
  /** The newest first. */
  versions(page: PageRequest): Promise<Page<PlaybookVersion>>;
  /** @param number the version that has brought it */
  text(slug: string, number: number): Promise<StoredPageText | undefined>;
}

export interface PlaybookStore {
  readonly playbook: PlaybookRepository;
}
