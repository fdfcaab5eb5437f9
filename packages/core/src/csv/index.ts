export { type Cell, csvOf } from "./csv.ts";
export { type CsvRow, readCsv } from "./read-csv.ts";
