import type { TestApi } from "@concord/local/testing";

type Answer = Readonly<Record<string, unknown>>;

/** @param more.of the path that tells the version to name, or the version */
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  more?: { readonly token?: string; readonly of?: string | number },
) => Promise<Answer>;

/** Requests of an admin, unless somebody else asks, and what was refused of them, a line each. */
export function asking(
  api: Pick<TestApi, "request">,
  adminToken: string,
): { readonly ask: Ask; readonly refused: readonly string[] } {
  const refused: string[] = [];
  const versionOf = async (path: string, token: string): Promise<string> =>
    (await api.request(`/v1${path}`, { token })).headers.get("ETag") ?? '"1"';
  const ask: Ask = async (method, path, body, { token = adminToken, of } = {}) => {
    const version = typeof of === "string" ? await versionOf(of, token) : `"${of}"`;
    const response = await api.request(`/v1${path}`, {
      ...{ method, token },
      ...(body === undefined ? {} : { body }),
      headers: of === undefined ? {} : { "If-Match": version },
    });
    const text = await response.text();
    if (!response.ok) refused.push(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return text === "" ? {} : (JSON.parse(text) as Answer);
  };
  return { ask, refused };
}
