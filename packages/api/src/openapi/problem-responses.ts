import { type ErrorCode, errorCatalog } from "@concord/core/error";
import { statusOfCode, type TransportCode, transportProblems } from "../http/problem.ts";
import { byName } from "./by-name.ts";
import type { Json } from "./json-schemas.ts";

type Code = ErrorCode | TransportCode;

const isTransport = (code: Code): code is TransportCode => Object.hasOwn(transportProblems, code);
const statusOf = (code: Code): number =>
  isTransport(code) ? transportProblems[code].status : statusOfCode(code);
const titleOf = (code: Code): string =>
  isTransport(code) ? transportProblems[code].title : errorCatalog[code].title;

/** RFC 9457, with the extension members of this API. */
export const problemSchema: Json = {
  type: "object",
  description: "A problem (RFC 9457). `code` is stable; `errors` names the places of a bad input.",
  required: ["type", "title", "status", "instance", "code", "requestId"],
  properties: {
    type: { type: "string", format: "uri" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    instance: { type: "string", format: "uri" },
    code: { type: "string" },
    requestId: { type: "string", format: "uuid" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["pointer", "detail"],
        properties: { pointer: { type: "string" }, detail: { type: "string" } },
      },
    },
  },
};

/** The error answers of all operations; those that several give are described once. */
export interface ProblemCatalog {
  /** Of one operation: one for each status, with the codes that it can mean. */
  responses(codes: readonly Code[], members?: Readonly<Record<string, Json>>): Json;
  readonly components: () => Json;
}

export function problemCatalog(): ProblemCatalog {
  const described = new Map<string, Json>();
  return {
    responses(codes, members = {}) {
      const byStatus = Map.groupBy([...new Set(codes)].sort(), statusOf);
      const statuses = [...byStatus].sort(([a], [b]) => a - b);
      return Object.fromEntries(
        statuses.map(([status, ofStatus]) => {
          const name = ofStatus.join(".");
          described.set(name, problemResponse(status, ofStatus, members));
          return [String(status), { $ref: `#/components/responses/${name}` }];
        }),
      );
    },
    components: () => Object.fromEntries([...described].sort(byName)),
  };
}

const isContended = (code: Code): boolean =>
  code in errorCatalog && errorCatalog[code as ErrorCode].kind === "contended";

const problemResponse = (
  status: number,
  codes: readonly Code[],
  members: Readonly<Record<string, Json>>,
): Json => ({
  description: codes.map((code) => `\`${code}\`: ${titleOf(code)}`).join("; "),
  headers: {
    "Request-Id": { $ref: "#/components/headers/Request-Id" },
    ...(status === 401
      ? { "WWW-Authenticate": { $ref: "#/components/headers/WWW-Authenticate" } }
      : {}),
    ...(status === 429 || codes.some(isContended)
      ? { "Retry-After": { $ref: "#/components/headers/Retry-After" } }
      : {}),
  },
  content: {
    "application/problem+json": {
      schema: {
        allOf: [
          { $ref: "#/components/schemas/Problem" },
          { properties: { code: { enum: codes } } },
          ...codes.flatMap((code) => members[code] ?? []),
        ],
      },
    },
  },
});
