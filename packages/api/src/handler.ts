import { handle } from "hono/aws-lambda";
import { type IdentitySettings, requestOpener } from "./auth/authenticate.ts";
import { createApp } from "./http/app.ts";
import type { ApiDependencies } from "./http/context.ts";
import { manifest } from "./manifest.ts";

export interface HandlerDependencies
  extends IdentitySettings,
    Omit<ApiDependencies, "openRequest"> {}

export const createApi = (deps: HandlerDependencies): ReturnType<typeof createApp> =>
  createApp({ ...deps, openRequest: requestOpener(deps) }, manifest);

/** The API as one function of API Gateway v2 events: deployed and local requests take the same path. */
export const createHandler = (deps: HandlerDependencies): ReturnType<typeof handle> =>
  handle(createApi(deps));
