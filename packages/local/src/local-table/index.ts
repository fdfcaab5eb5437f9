export { dueKeys, type ItemKey, type LocalTable } from "./due-keys.ts";
export { createLocalTable, localTableDefinition } from "./local-table.ts";
