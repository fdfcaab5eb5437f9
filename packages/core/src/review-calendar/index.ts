export { getCalendar } from "./get-calendar.ts";
export { CalendarFilter, ReviewCalendar } from "./schema.ts";
