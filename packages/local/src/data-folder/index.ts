export { type DataFolder, openDataFolder } from "./open-data-folder.ts";
export { startDurableEngine } from "./start-durable-engine.ts";
