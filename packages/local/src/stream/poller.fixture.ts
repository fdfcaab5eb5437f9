import { setTimeout as wait } from "node:timers/promises";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { tableDefinition } from "@concord/storage/table";
import { openDataFolder, startDurableEngine } from "../data-folder/index.ts";
import { connect, createTable } from "../engine/index.ts";
import { connectStreams, createStreamPoller, sqliteStreamState } from "./index.ts";

/** A runtime that consumes a stream, for a test that kills it: a line for every record, and it hangs in the 17th. */
const [path, tableName] = process.argv.slice(2);
if (!path || !tableName) throw new Error("usage: poller.fixture.ts <folder> <table>");
const folder = openDataFolder(path);
const engine = await startDurableEngine(folder);
const { client, documentClient } = connect(engine.endpoint);
await createTable(client, tableName, tableDefinition);
for (const tenant of ["a", "b"]) {
  for (let number = 0; number < 20; number += 1) {
    const Item = { pk: `T#${tenant}#P`, sk: `${number}`.padStart(2, "0") };
    await documentClient.send(new PutCommand({ TableName: tableName, Item }));
  }
}
let processed = 0;
const poller = await createStreamPoller({
  client,
  streams: connectStreams(engine.endpoint),
  tableName,
  state: sqliteStreamState(folder.database),
  consumers: [
    {
      name: "ranking",
      batchSize: 5,
      handler: async ({ Records }) => {
        for (const { dynamodb } of Records) {
          process.stdout.write(`${dynamodb.SequenceNumber}\n`);
          processed += 1;
          if (processed === 17) await wait(60_000);
        }
        return { batchItemFailures: [] };
      },
    },
  ],
});
await poller.run(new AbortController().signal);
