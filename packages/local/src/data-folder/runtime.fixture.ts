import { setTimeout as forever } from "node:timers/promises";
import { tableDefinition } from "@concord/storage/table";
import { connect, createTable } from "../engine/index.ts";
import { openDataFolder, startDurableEngine } from "./index.ts";

/** A runtime in a process of its own, for tests that kill it: says `ready <engine pid> <endpoint>` and waits. */
const [path, tableName] = process.argv.slice(2);
if (!path || !tableName) throw new Error("usage: runtime.fixture.ts <folder> <table>");
const folder = openDataFolder(path);
const engine = await startDurableEngine(folder);
await createTable(connect(engine.endpoint).client, tableName, tableDefinition);
process.stdout.write(`ready ${engine.process?.pid} ${engine.endpoint}\n`);
await forever(60_000);
