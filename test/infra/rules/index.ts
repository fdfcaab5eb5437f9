import * as access from "./access.ts";
import * as data from "./data.ts";
import * as delivery from "./delivery.ts";
import * as domain from "./domain.ts";
import * as functions from "./functions.ts";
import type { Rule } from "./graph.ts";
import * as machines from "./machines.ts";
import * as observability from "./observability.ts";
import * as secrets from "./secrets.ts";
import * as tenants from "./tenants.ts";
import * as workers from "./workers.ts";

/** Every rule about the resources of a stage, by name. */
export const rules = {
  ...access,
  ...data,
  ...delivery,
  ...domain,
  ...functions,
  ...machines,
  ...observability,
  ...secrets,
  ...tenants,
  ...workers,
} satisfies Record<string, Rule>;
