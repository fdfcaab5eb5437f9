export { type Outbox, type OutboxMail, type OutboxOptions, openOutbox } from "./outbox.ts";
