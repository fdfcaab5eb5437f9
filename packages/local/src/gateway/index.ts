export type { HttpEvent } from "./http-event.ts";
export {
  type Gateway,
  type GatewayOptions,
  type HttpFunction,
  startGateway,
} from "./start-gateway.ts";
