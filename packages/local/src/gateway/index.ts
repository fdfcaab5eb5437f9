export type { HttpEvent } from "./http-event.ts";
export {
  type Gateway,
  type GatewayOptions,
  startGateway,
} from "./start-gateway.ts";
