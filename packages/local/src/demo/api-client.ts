/** An answer of the API: parsed body, and the version of the object as its ETag says. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly etag: string | null;
  readonly location: string | null;
}

export interface ApiRequest {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  /** The ETag of the object that is changed. */
  readonly ifMatch?: string | null;
  readonly idempotencyKey?: string;
}

/** Somebody logged in at the API, or nobody yet. */
export interface ApiClient {
  /** Whatever the answer is. */
  send(path: string, request?: ApiRequest): Promise<ApiAnswer>;
  /** @throws Error that names request, status and problem where the answer is none of 2xx */
  call<T = Record<string, never>>(
    path: string,
    request?: ApiRequest,
  ): Promise<ApiAnswer & { readonly body: T }>;
  /** Every item of a list, page by page. */
  list<T>(path: string): Promise<T[]>;
}

/** @param renew gives a fresh access token where the old one has run out */
export function apiClient(origin: string, renew?: () => Promise<string>): ApiClient {
  let token: string | undefined;

  async function sendOnce(path: string, request: ApiRequest): Promise<ApiAnswer> {
    if (renew) token ??= await renew();
    const response = await fetch(new URL(path, origin), {
      method: request.method ?? (request.body === undefined ? "GET" : "POST"),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
        ...(request.ifMatch ? { "if-match": request.ifMatch } : {}),
        ...(request.idempotencyKey ? { "idempotency-key": request.idempotencyKey } : {}),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      body: isJson && text !== "" ? JSON.parse(text) : text,
      etag: response.headers.get("etag"),
      location: response.headers.get("location"),
    };
  }

  async function send(path: string, request: ApiRequest = {}): Promise<ApiAnswer> {
    const answer = await sendOnce(path, request);
    if (answer.status !== 401 || !renew) return answer;
    token = undefined;
    return sendOnce(path, request);
  }

  async function call<T>(path: string, request: ApiRequest = {}): Promise<ApiAnswer & { body: T }> {
    const answer = await send(path, request);
    if (answer.status >= 200 && answer.status < 300) return answer as ApiAnswer & { body: T };
    throw new Error(
      `${request.method ?? "GET/POST"} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`,
    );
  }

  return {
    send,
    call,
    async list<T>(path: string) {
      const items: T[] = [];
      let cursor: string | null = null;
      do {
        const url = new URL(path, origin);
        url.searchParams.set("limit", "100");
        if (cursor !== null) url.searchParams.set("cursor", cursor);
        const { body } = await call<{ items: T[]; nextCursor: string | null }>(
          `${url.pathname}${url.search}`,
        );
        items.push(...body.items);
        cursor = body.nextCursor;
      } while (cursor !== null);
      return items;
    },
  };
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A client that logs in with a password once, and refreshes the log-in whenever its token has run out. */
export function loggedIn(origin: string, email: string, password: string): ApiClient {
  const anonymous = apiClient(origin);
  let tokens: Tokens | undefined;
  const logIn = async () =>
    (await anonymous.call<Tokens>("/v1/login", { body: { email, password } })).body;
  const refresh = async ({ refreshToken }: Tokens) => {
    const { status, body } = await anonymous.send("/v1/login/refresh", { body: { refreshToken } });
    return status === 200 ? (body as Tokens) : undefined;
  };
  return apiClient(origin, async () => {
    tokens = (tokens && (await refresh(tokens))) ?? (await logIn());
    return tokens.accessToken;
  });
}
