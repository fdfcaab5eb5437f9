export { type InboxContext, readInbox } from "./read-inbox.ts";
export { Inbox } from "./schema.ts";
