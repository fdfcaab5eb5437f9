export { type DomainEvent, eventOf, PersonalFields, StoredEvent } from "./event.ts";
