import { accountManifest } from "./account-manifest.ts";
import { appManifest } from "./app-manifest.ts";
import type { PublicRoute } from "./http/public-route.ts";
import type { Route } from "./http/route.ts";

/** Every route there is, whichever function answers it. OpenAPI document, authorization matrix and attacks are made from it. */
export const manifest: {
  readonly routes: readonly Pick<Route, "definition">[];
  readonly publicRoutes: readonly Omit<PublicRoute, "respond">[];
} = {
  routes: [...appManifest.routes, ...accountManifest.routes],
  publicRoutes: [...appManifest.publicRoutes, ...accountManifest.publicRoutes],
};
