import { holdsSomewhere, refOf } from "@concord/core/actor";
import { requireStanding } from "@concord/core/edition";
import { DomainError, raise } from "@concord/core/error";
import { EffectRepeated, type RecordedAnswer } from "@concord/core/idempotency";
import type { RateClass } from "@concord/core/rate-limit";
import type { ApiDependencies, ApiStore, Principal, RequestData, RouteContext } from "./context.ts";
import { type CursorScope, openCursor, signCursor } from "./cursor.ts";
import { toEtag, versionOf } from "./etag.ts";
import { digestOf, idempotencyKeyOf } from "./idempotency-key.ts";
import { PageQuery, parseJson, parsePart } from "./read-request.ts";
import { type Filter, filterFor } from "./reveal-answer.ts";
import type { Route, RouteAnswer, RouteInput } from "./route.ts";

const DAY_SECONDS = 86_400;

/** A request as the router hands it over. */
export interface Received {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly header: (name: string) => string | undefined;
  /** Text of the body, read only once the caller may do this. @throws TransportFailure */
  readonly body: () => Promise<string>;
  /** @throws DomainError rate-limited */
  readonly admit: (rateClass: RateClass) => Promise<void>;
}

export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Values of Set-Cookie (RFC 6265). */
  readonly cookies?: readonly string[];
}

/** The way of one request below authentication: permission, parse, use case, answer. */
export async function runRoute<Ports>(
  deps: ApiDependencies<Ports>,
  data: RequestData<Ports>,
  principal: Principal,
  { definition, run, answer }: Route<ApiStore, Ports>,
  received: Received,
): Promise<Sent> {
  const { request, response, permission } = definition;
  if (!holdsSomewhere(principal.actor, permission)) {
    raise("permission-denied", `This needs the permission ${permission}`);
  }
  // After what costs no request: a refusal for want of a right is as cheap as one for want of a token.
  await received.admit(definition.rate);
  if (principal.session?.secondFactor === "owed" && !definition.beforeSecondFactor) {
    raise("second-factor-required", "Begin at POST /v1/me/second-factor");
  }
  const intent = definition.standing ?? (definition.method === "get" ? "read" : "write");
  requireStanding(await data.stateOf(principal.tenantId), intent);
  const params = parsePart("path", request.params, received.params);
  const { limit, cursor, ...filter } = received.query;
  if (!response.isList && (limit !== undefined || cursor !== undefined)) {
    raise("request-invalid", "limit and cursor belong to lists");
  }
  const query = parsePart("query", request.query ?? noQuery, filter);
  const page = PageQuery.safeParse({ limit, cursor });
  if (!page.success) parsePart("query", PageQuery, { limit, cursor });
  const scope: CursorScope = {
    tenantId: principal.tenantId,
    principal: JSON.stringify(refOf(principal.actor)),
    operationId: definition.operationId,
    filter: JSON.stringify([received.path, Object.entries(filter).sort()]),
  };
  const ifVersion = request.ifMatch ? versionOf(received.header("If-Match")) : 0;
  const text = request.body ? await received.body() : "";
  const body = request.body ? parsePart("body", request.body, parseJson(text)) : undefined;
  const opened = (cursor: string): string => {
    const position = openCursor(deps.cursorSecret, scope, cursor);
    data.checkPosition(position);
    return position;
  };
  const input: RouteInput<unknown, unknown, unknown> = {
    params,
    query,
    body,
    ifVersion,
    page: {
      limit: page.data?.limit ?? 1,
      position: page.data?.cursor === undefined ? undefined : opened(page.data.cursor),
    },
  };
  const clocks = { now: deps.now(), wallNow: deps.wallNow() };
  const revealing = await filterFor(data, principal, definition, received.params, clocks);
  const render = (result: unknown): Sent => {
    const isText = response.mediaType !== undefined;
    const answered = answer(isText && revealing ? revealing.apply(result) : result, input);
    return toSent(deps, definition, answered, {
      filter: isText ? undefined : revealing,
      sign(position) {
        data.checkPosition(position);
        return signCursor(deps.cursorSecret, scope, position);
      },
    });
  };

  const context = (store: RouteContext<unknown>["store"]) => ({
    actor: principal.actor,
    store: store as RouteContext<never>["store"],
    ...clocks,
    mint: deps.mint,
    header: received.header,
    principal,
    ports: data.ports,
  });

  const key =
    definition.method === "post" ? idempotencyKeyOf(received.header("Idempotency-Key")) : undefined;
  // What is safe to repeat has no one effect whose answer could be recorded.
  if (key === undefined || definition.retry === "safe") {
    const store = data.openStore(principal.tenantId);
    const result = await run(context(store), input);
    let sent = render(result);
    if (await revealing?.lookUp(store)) sent = render(result);
    // A change is in the audit trail, with whoever made it and so saw its answer.
    if (definition.method === "get") await revealing?.record(store);
    return sent;
  }

  const keyHash = digestOf(scope.principal, definition.operationId, key);
  const requestDigest = digestOf(received.path, text);
  const store = data.openStore(principal.tenantId, (next) =>
    toRecord(render(next), keyHash, requestDigest, deps.wallNow()),
  );
  const replayed = async (): Promise<Sent | undefined> => {
    const recorded = await store.idempotency.find(keyHash);
    if (!recorded || recorded.expiresAt * 1000 <= deps.wallNow().getTime()) return undefined;
    if (recorded.requestDigest !== requestDigest) raise("idempotency-key-reused");
    return toReplay(recorded);
  };
  const earlier = await replayed();
  if (earlier) return earlier;
  try {
    return render(await run(context(store), input));
  } catch (error) {
    // A twin may have come first and left a state that this request can only be refused by.
    const twin = await replayed();
    if (twin) return twin;
    throw error instanceof EffectRepeated ? new DomainError("version-stale") : error;
  }
}

const noQuery = PageQuery.pick({}).strict();

function toSent(
  deps: Pick<ApiDependencies, "checksAnswers">,
  { response, operationId }: Route["definition"],
  answer: RouteAnswer,
  { filter, sign }: { filter: Filter | undefined; sign: (position: string) => string },
): Sent {
  const headers: Record<string, string> = {};
  if (answer.version !== undefined) headers["ETag"] = toEtag(answer.version);
  if (answer.location !== undefined) headers["Location"] = `/v1${answer.location}`;
  if (response.body === undefined) return { status: response.status, headers };
  if (response.mediaType !== undefined) {
    headers["Content-Type"] = `${response.mediaType}; charset=utf-8`;
    return { status: response.status, headers, body: String(answer.body) };
  }
  const schema = response.isList ? response.body.array() : response.body;
  if (deps.checksAnswers) {
    const checked = schema.safeParse(answer.body);
    if (!checked.success) {
      throw new Error(`${operationId} answered off its schema: ${checked.error.message}`);
    }
  }
  const shown = filter ? filter.apply(answer.body) : answer.body;
  const body = response.isList
    ? { items: shown, nextCursor: answer.position === undefined ? null : sign(answer.position) }
    : shown;
  headers["Content-Type"] = "application/json; charset=utf-8";
  return { status: response.status, headers, body: JSON.stringify(body) };
}

const toRecord = (
  sent: Sent,
  keyHash: string,
  requestDigest: string,
  now: Date,
): RecordedAnswer => ({
  keyHash,
  requestDigest,
  status: sent.status,
  ...(sent.headers["ETag"] === undefined ? {} : { etag: sent.headers["ETag"] }),
  ...(sent.headers["Location"] === undefined ? {} : { location: sent.headers["Location"] }),
  body: sent.body ?? "",
  recordedAt: Math.floor(now.getTime() / 1000),
  expiresAt: Math.floor(now.getTime() / 1000) + DAY_SECONDS,
});

const toReplay = ({ status, etag, location, body }: RecordedAnswer): Sent => ({
  status,
  headers: {
    ...(etag === undefined ? {} : { ETag: etag }),
    ...(location === undefined ? {} : { Location: location }),
    ...(body === "" ? {} : { "Content-Type": "application/json; charset=utf-8" }),
    "Idempotency-Replayed": "true",
  },
  ...(body === "" ? {} : { body }),
});
