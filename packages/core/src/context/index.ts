export type { Page, PageRequest, RequestContext } from "./context.ts";
export { everyItem } from "./every-item.ts";
