export type { Page, PageRequest, RequestContext } from "./context.ts";
