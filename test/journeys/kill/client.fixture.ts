import { setTimeout as wait } from "node:timers/promises";

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly etag: string | null;
  /** Whether an earlier attempt got no answer: it may have taken effect. */
  readonly isRepeated: boolean;
}

export interface Request {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH";
  readonly body?: unknown;
  readonly ifMatch?: string | null;
  readonly key?: string;
}

export interface Client {
  /** Asks until there is an answer, with the same key, however often the connection breaks. */
  send<T = Record<string, unknown>>(path: string, request?: Request): Promise<Answer<T>>;
  /** @throws Error unless the answer is one of 2xx */
  call<T = Record<string, unknown>>(path: string, request?: Request): Promise<Answer<T>>;
  list<T>(path: string): Promise<T[]>;
  /** Moves the business clock on. */
  passTime(seconds: number): Promise<void>;
}

const PATIENCE_MILLISECONDS = 600_000;
const PAUSE_MILLISECONDS = 40;

/** What a client does that wants its work done although the server goes away now and then. */
export function patientClient(origin: string, email: string, password: string): Client {
  let token: Promise<string> | undefined;

  /** Until it is answered. What is refused for coming too soon, by the wall clock as all limits, is asked again in time. */
  async function patiently(path: string, init: () => Promise<RequestInit>) {
    let since = performance.now();
    for (let isRepeated = false; ; ) {
      let pause = PAUSE_MILLISECONDS;
      try {
        const response = await fetch(new URL(path, origin), await init());
        const text = await response.text();
        if (response.status !== 429) return { response, text, isRepeated };
        pause = 1_000 * Number(response.headers.get("retry-after"));
        // Only what goes by without an answer tries its patience: a log-in may have to wait for ten minutes.
        since = performance.now() + pause;
      } catch (error) {
        if (performance.now() - since > PATIENCE_MILLISECONDS) throw error;
        isRepeated = true;
      }
      await wait(pause);
    }
  }

  async function login(): Promise<string> {
    const { response, text } = await patiently("/v1/login", async () => ({
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password }),
    }));
    if (!response.ok) throw new Error(`login of ${email} answered ${response.status}: ${text}`);
    return JSON.parse(text).accessToken;
  }

  async function send<T>(path: string, request: Request = {}): Promise<Answer<T>> {
    const { body, ifMatch, key, method = body === undefined ? "GET" : "POST" } = request;
    token ??= login();
    const used = token;
    const authorization = `Bearer ${await used}`;
    const { response, text, isRepeated } = await patiently(path, async () => ({
      method,
      headers: {
        authorization,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(ifMatch ? { "if-match": ifMatch } : {}),
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }));
    if (response.status === 401) {
      // Another request may have logged in again already.
      if (token === used) token = undefined;
      const again = await send<T>(path, request);
      return { ...again, isRepeated: isRepeated || again.isRepeated };
    }
    const etag = response.headers.get("etag");
    return { status: response.status, body: text ? JSON.parse(text) : {}, etag, isRepeated };
  }

  async function call<T>(path: string, request: Request = {}): Promise<Answer<T>> {
    const answer = await send<T>(path, request);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw new Error(
      `${request.method ?? ""} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`,
    );
  }

  async function passTime(seconds: number): Promise<void> {
    const { text } = await patiently("/dev/clock", async () => ({}));
    const now = new Date(Date.parse(JSON.parse(text).now) + seconds * 1_000).toISOString();
    // Refused where another who waits moved it further meanwhile.
    await patiently("/dev/clock", async () => ({ method: "POST", body: JSON.stringify({ now }) }));
  }

  return {
    send,
    call,
    passTime,
    async list<T>(path: string) {
      const items: T[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
        const { body }: Answer<{ items: T[]; nextCursor: string | null }> = await call(
          `${path}?limit=100${query}`,
        );
        items.push(...body.items);
        cursor = body.nextCursor;
      }
      return items;
    },
  };
}

/** Uploads a file where an import wants it, until that is acknowledged. */
export async function uploadPatiently(
  { url, method, headers }: { url: string; method: string; headers: Record<string, string> },
  content: string,
): Promise<void> {
  const since = performance.now();
  for (;;) {
    const response = await fetch(url, { method, headers, body: content }).catch(() => undefined);
    if (response?.ok) return;
    if (response) throw new Error(`the upload answered ${response.status}`);
    if (performance.now() - since > PATIENCE_MILLISECONDS) throw new Error("no upload in time");
    await wait(PAUSE_MILLISECONDS);
  }
}

/** Asks between which the business clock is moved on, some four seconds. */
const ASKS_A_STEP = 30;

/**
 * Asks again and again until the answer is as wanted.
 * @param moveOn called now and then: what a killed process had in hand is handed out anew after minutes of the business clock
 * @throws Error with the last answer
 */
export async function untilIs<T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
  moveOn: () => Promise<void> = () => Promise.resolve(),
): Promise<T> {
  const since = performance.now();
  for (let asked = 1; ; asked += 1) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (asked % ASKS_A_STEP === 0) await moveOn();
    if (performance.now() - since > PATIENCE_MILLISECONDS) {
      throw new Error(`still ${String(JSON.stringify(answer)).slice(0, 500)}`);
    }
    await wait(3 * PAUSE_MILLISECONDS);
  }
}
