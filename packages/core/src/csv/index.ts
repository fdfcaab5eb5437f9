export { type Cell, csvOf } from "./csv.ts";
