export type { HttpResult } from "./http-answer.ts";
export type { HttpEvent } from "./http-event.ts";
export {
  type FunctionContext,
  type Gateway,
  type GatewayOptions,
  type HttpFunction,
  startGateway,
} from "./start-gateway.ts";
