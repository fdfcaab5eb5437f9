export { type Connection, clientSettings, connect, connectClient, lean } from "./connect.ts";
export { createTable } from "./create-table.ts";
export { isRunning, stopLeftover } from "./engine-process.ts";
export { isPortFree } from "./free-port.ts";
export { isJavaThere, resolveEngine } from "./resolve-engine.ts";
export {
  type Engine,
  type EngineOptions,
  startEngine,
} from "./start-engine.ts";
export {
  type Consumed,
  checkDatabase,
  databaseFile,
  trimStreamHistory,
} from "./stream-history.ts";
