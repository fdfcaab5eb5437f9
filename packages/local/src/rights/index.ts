export { judgedTable } from "./judged-table.ts";
export { isAllowed } from "./policy.ts";
