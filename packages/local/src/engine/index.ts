export { type Connection, clientSettings, connect } from "./connect.ts";
export { createTable, type TableDefinition } from "./create-table.ts";
export { freePort } from "./free-port.ts";
export { type EngineKind, isJavaThere } from "./resolve-engine.ts";
export { type Engine, type EngineOptions, startEngine } from "./start-engine.ts";
