export { type DataFolder, DEFAULT_DATA_FOLDER, openDataFolder } from "./open-data-folder.ts";
export { startDurableEngine } from "./start-durable-engine.ts";
