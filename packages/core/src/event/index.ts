export { type DomainEvent, eventOf, StoredEvent } from "./event.ts";
