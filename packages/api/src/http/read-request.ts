import { type ErrorPlace, raise } from "@concord/core/error";
import { z } from "zod";

const MAX_DEPTH = 10;
const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 50;
/** Of wrong places, so many are told. */
const MOST_PLACES = 50;

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().min(1).max(4096).optional(),
});

/** JSON pointer (RFC 6901) of a place in the body; `path:name`, `query:name` elsewhere. */
const pointerOf = (where: "body" | "path" | "query", path: readonly PropertyKey[]): string =>
  where === "body"
    ? path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")
    : `${where}:${path.map(String).join(".")}`;

const TITLES = {
  body: "The request body is not as described",
  path: "The address is not as described",
  query: "The query is not as described",
} as const;

/** @throws DomainError request-invalid with every place that is wrong */
export function parsePart(
  where: "body" | "path" | "query",
  schema: z.ZodType | undefined,
  input: unknown,
): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const places: ErrorPlace[] = result.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({
          pointer: pointerOf(where, [...issue.path, key]),
          detail:
            where === "query"
              ? "is not a parameter of this address"
              : "is not a member of this object",
        }))
      : [{ pointer: pointerOf(where, issue.path), detail: faultOf(issue, input) }],
  );
  raise("request-invalid", TITLES[where], places.slice(0, MOST_PLACES));
}

const faultOf = ({ path, message }: z.core.$ZodIssue, input: unknown): string => {
  const given = path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
    input,
  );
  return given === undefined ? "is required" : message;
};

const depthOf = (value: unknown, limit: number): number => {
  if (limit < 0 || typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map((entry) => depthOf(entry, limit - 1)));
};

/** Where a text of the value is no Unicode: JSON can write half of a surrogate pair, which has no bytes (RFC 8259, 8.2). */
function illFormedAt(
  value: unknown,
  path: readonly PropertyKey[] = [],
): readonly (readonly PropertyKey[])[] {
  if (typeof value === "string") return value.isWellFormed() ? [] : [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) =>
    // The name itself cannot be sent back.
    key.isWellFormed() ? illFormedAt(entry, [...path, key]) : [path],
  );
}

/** @throws DomainError request-invalid */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Only the place: the parser's message quotes what was sent.
    const at = /at position (\d+)/.exec((error as Error).message)?.[0] ?? "";
    raise("request-invalid", `The request body is not JSON ${at}`.trimEnd());
  }
  if (depthOf(value, MAX_DEPTH) > MAX_DEPTH) {
    raise("request-invalid", `The request body is nested deeper than ${MAX_DEPTH} levels`);
  }
  const places = illFormedAt(value).map((path) => ({
    pointer: pointerOf("body", path),
    detail: "is no Unicode text: half of a surrogate pair stands alone in it",
  }));
  if (places.length > 0) raise("request-invalid", TITLES.body, places.slice(0, MOST_PLACES));
  return value;
}
