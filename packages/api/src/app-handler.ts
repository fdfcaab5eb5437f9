import { handle } from "hono/aws-lambda";
import { appManifest } from "./app-manifest.ts";
import { cachedKeySet } from "./auth/key-set.ts";
import { type IdentitySettings, requestOpener } from "./auth/open-request.ts";
import { createApp } from "./http/app.ts";
import type { ApiDependencies, ApiPorts } from "./http/context.ts";

export interface AppDependencies
  extends IdentitySettings,
    Omit<ApiDependencies<ApiPorts>, "openRequest"> {
  readonly ports: ApiPorts;
}

/** The app function: it verifies tokens, and holds nothing that could make one. */
export const createAppApi = (deps: AppDependencies, manifest = appManifest) =>
  createApp(
    { ...deps, openRequest: requestOpener(deps, cachedKeySet(deps.wallNow), () => deps.ports) },
    manifest,
  );

/** As a function of API Gateway v2 events: deployed and local requests take the same path. */
export const createAppHandler = (deps: AppDependencies): ReturnType<typeof handle> =>
  handle(createAppApi(deps));
