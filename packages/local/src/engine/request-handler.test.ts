import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, describe, expect, it } from "vitest";
import { connectClient } from "./connect.ts";

const ANSWER = '{"TableNames":["concord"]}';

describe("a request to an engine", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
  });

  /** Hangs up on so many requests before it answers one. */
  async function hangingUp(times: number): Promise<{ endpoint: string; asked: () => number }> {
    let asked = 0;
    server = createServer((socket) => {
      socket.once("data", () => {
        asked += 1;
        if (asked <= times) socket.destroy();
        else {
          const head = `HTTP/1.1 200 OK\r\nContent-Length: ${ANSWER.length}\r\nConnection: close`;
          socket.end(`${head}\r\n\r\n${ANSWER}`);
        }
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return { endpoint: `http://127.0.0.1:${port}`, asked: () => asked };
  }

  it("is sent again where the connection ends without an answer", async () => {
    const { endpoint, asked } = await hangingUp(2);
    const { TableNames } = await connectClient(endpoint).send(new ListTablesCommand({}));
    expect([TableNames, asked()]).toEqual([["concord"], 3]);
  });

  it("fails where nobody listens", async () => {
    const { endpoint } = await hangingUp(0);
    server?.close();
    const asked = connectClient(endpoint, { maxAttempts: 1 }).send(new ListTablesCommand({}));
    await expect(asked).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
