export type { PlaybookEvent } from "./playbook.ts";
export {
  currentLinks,
  getPlaybookChanges,
  getPlaybookPage,
  getPlaybookVersion,
  linksOfVersion,
  listPlaybookVersions,
} from "./read-playbook.ts";
export type { PlaybookRepository, PlaybookStore } from "./repository.ts";
export {
  PageSlug,
  Playbook,
  PlaybookLinks,
  PlaybookVersion,
  PublishedPage,
  PublishPlaybook,
  StoredPageText,
  VersionChanges,
  WritePlaybook,
} from "./schema.ts";
export { getPlaybookDraft, publishPlaybook, writePlaybook } from "./write-playbook.ts";
