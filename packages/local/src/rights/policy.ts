import type { Policy } from "../../../../infra/tenant-role.ts";

/** What IAM is asked: may this principal do this, with these values of condition keys? */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  /** Values of the request's condition keys, such as `dynamodb:LeadingKeys`. */
  readonly context: Readonly<Record<string, readonly string[]>>;
  /** Tags of the session, by name. */
  readonly principalTags: Readonly<Record<string, string>>;
}

/**
 * The subset of IAM that the policies use: a request is allowed where one statement allows it, and
 * denied otherwise. An operator that is not known here throws, so that nothing is judged by silence.
 */
export const isAllowed = ({ Statement: statements }: Policy, request: AccessRequest): boolean =>
  statements.some(
    (statement) =>
      statement.Action.some((one) => isLike(request.action, wild(one))) &&
      statement.Resource.some((one) => isLike(request.resource, wild(one))) &&
      Object.entries(statement.Condition).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) =>
          holds(operator, key, [wanted].flat(), request),
        ),
      ),
  );

function holds(
  operator: string,
  key: string,
  wanted: readonly string[],
  request: AccessRequest,
): boolean {
  const given = request.context[key] ?? [];
  const matches = (value: string) => wanted.some((one) => isLike(value, resolved(one, request)));
  switch (operator) {
    case "ForAllValues:StringLike":
      return given.every(matches);
    case "StringLike":
      if (given.length > 1) throw new Error(`${key} has several values: which one is meant?`);
      return given.some(matches);
    case "Null":
      return wanted.every((one) => one === String(given.length === 0));
    default:
      throw new Error(`the operator ${operator} is not known here`);
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The source of the expression that a pattern with wildcards stands for. */
const wild = (pattern: string): string =>
  pattern
    .split(/([*?])/)
    .map((part) => (part === "*" ? "[^]*" : part === "?" ? "[^]" : escaped(part)))
    .join("");

/** Variables are put in as text: a `*` in a tag is no wildcard. Without a value nothing matches. */
function resolved(pattern: string, { principalTags }: AccessRequest): string | undefined {
  const parts = pattern.split(/(\$\{[^}]*\})/).map((part) => {
    if (!part.startsWith("${")) return wild(part);
    const [, tag] = /^\$\{aws:PrincipalTag\/(\w+)\}$/.exec(part) ?? [];
    if (tag === undefined) throw new Error(`the variable ${part} is not known here`);
    const value = principalTags[tag];
    return value === undefined ? undefined : escaped(value);
  });
  return parts.includes(undefined) ? undefined : parts.join("");
}

/** By their source: the same few patterns judge every request to a table. */
const shapes = new Map<string, RegExp>();

function isLike(value: string, source: string | undefined): boolean {
  if (source === undefined) return false;
  const shape = shapes.get(source) ?? new RegExp(`^${source}$`);
  shapes.set(source, shape);
  return shape.test(value);
}
