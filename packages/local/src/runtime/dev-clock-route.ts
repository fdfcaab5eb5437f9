import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { BusinessClock } from "../clock/index.ts";

const MAX_BYTES = 1000;
const ClockSetting = z.strictObject({ now: z.iso.datetime({ offset: true }) });

/**
 * `GET /dev/clock` tells the business clock, `POST /dev/clock` with `{ "now": "<instant>" }` moves it on.
 * It exists in the local runtime alone. Resolves to `false`, and leaves the request alone, elsewhere.
 * @param moved called once the clock was moved, before the answer
 */
export function devClockRoute(clock: BusinessClock, moved: () => Promise<void>) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (request.url?.split("?")[0] !== "/dev/clock") return false;
    if (request.method === "GET") return tell(response, clock);
    if (request.method !== "POST") return refuse(response, 405, "Use GET or POST");
    const setting = ClockSetting.safeParse(await jsonOf(request));
    if (!setting.success) {
      return refuse(
        response,
        400,
        'Send {"now": "<ISO 8601 instant>"}, such as 2027-01-04T09:00:00Z',
      );
    }
    try {
      clock.set(new Date(setting.data.now));
    } catch (error) {
      if (error instanceof RangeError) return refuse(response, 409, error.message);
      throw error;
    }
    await moved();
    return tell(response, clock);
  };
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  // Leaving the loop must not destroy the request: its connection carries the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.length > MAX_BYTES) {
      request.resume();
      return undefined;
    }
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function tell(response: ServerResponse, clock: BusinessClock): true {
  response
    .writeHead(200, { "content-type": "application/json", "cache-control": "no-store" })
    .end(JSON.stringify({ now: clock.now().toISOString() }));
  return true;
}

function refuse(response: ServerResponse, status: 400 | 405 | 409, detail: string): true {
  response
    .writeHead(status, {
      "content-type": "application/problem+json",
      connection: "close",
      ...(status === 405 ? { allow: "GET, POST" } : {}),
    })
    .end(JSON.stringify({ type: "about:blank", title: "The clock was not moved", status, detail }));
  return true;
}
