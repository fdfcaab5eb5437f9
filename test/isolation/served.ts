import type { accountManifest, appManifest } from "@concord/api";
import type { Served } from "@concord/local/testing";

/** Stands before every address, and answers none by itself. */
const isForAll = ({ method, path }: Served[number]): boolean => method === "ALL" && path === "/*";

/**
 * What a function of the API answers and its manifest does not name: whatever the manifest names is described,
 * authorized, limited and attacked; what it does not is none of that.
 * @returns such as `GET /v1/back-door`
 */
export function unlisted(
  served: Served,
  { routes, publicRoutes }: typeof appManifest | typeof accountManifest,
): string[] {
  const listed = [
    ...routes.map(({ definition: { method, path } }) => ({ method, path: `/v1${path}` })),
    ...publicRoutes,
  ].map(({ method, path }) => ({
    method: method.toUpperCase(),
    path: path.replaceAll(/\{(\w+)\}/g, ":$1"),
  }));
  const names = new Set(listed.map(({ method, path }) => `${method} ${path}`));
  const addresses = new Set(listed.map(({ path }) => path));
  return served
    .filter((route) => !isForAll(route))
    .filter(({ method, path }) =>
      // An address of the manifest refuses every other method.
      method === "ALL" ? !addresses.has(path) : !names.has(`${method} ${path}`),
    )
    .map(({ method, path }) => `${method} ${path}`);
}
