export { createApp } from "./http/app.ts";
export type {
  ApiDependencies,
  ApiPorts,
  ApiStore,
  Principal,
  RequestData,
} from "./http/context.ts";
export { manifest } from "./manifest.ts";
