export { type DomainEvent, eventOf, PersonalFields, PersonalHolder, StoredEvent } from "./event.ts";
