import { once } from "node:events";
import { createServer } from "node:net";

async function listenOnce(port: number): Promise<number> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port was assigned");
  return address.port;
}

/** A port on the loopback interface that nobody listened on a moment ago. */
export const freePort = (): Promise<number> => listenOnce(0);

/** Whether nobody listens on the port of the loopback interface at this moment. */
export const isPortFree = (port: number): Promise<boolean> =>
  listenOnce(port).then(
    () => true,
    () => false,
  );
