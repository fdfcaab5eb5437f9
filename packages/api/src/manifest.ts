import type { PublicRoute } from "./http/public-route.ts";
import type { Route } from "./http/route.ts";
import { partnerRoutes } from "./partner/routes.ts";

/** Every route there is. Router, OpenAPI document, authorization matrix and attacks are made from it. */
export const manifest: {
  readonly routes: readonly Route[];
  readonly publicRoutes: readonly PublicRoute[];
} = {
  routes: [...partnerRoutes],
  publicRoutes: [],
};
