export { type InboxContext, readInbox } from "./read-inbox.ts";
export { InboxItem, InboxOfMembership } from "./schema.ts";
