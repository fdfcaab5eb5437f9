import { type Limits, rateLimiter } from "@concord/core/rate-limit";
import type { RequestData, RequestStores, Usage } from "../http/context.ts";
import { actorId } from "./actor-id.ts";
import { authenticate } from "./authenticate.ts";
import type { ReadKeySet } from "./key-set.ts";

export interface IdentitySettings {
  /** Once per request, so that its cost can be told. */
  readonly openStores: (request: { readonly requestId: string }) => RequestStores;
  /** The `iss` of our tokens: the address under which the key set is served. */
  readonly issuer: string;
  /** The wall clock: tokens and login sessions expire by it. */
  readonly wallNow: () => Date;
  /** What a person or key may ask of each rate class. */
  readonly limits: Limits;
}

/**
 * The data side of each request, behind the verified token.
 * @param portsOf what the routes of this function have beside; `open` gives stores that are pinned to
 *   nothing yet, whose cost is the request's too
 */
export function requestOpener<Ports>(
  { openStores, issuer, wallNow, limits }: IdentitySettings,
  keySet: ReadKeySet,
  portsOf: (open: () => RequestStores) => Ports,
): (request: { readonly requestId: string }) => RequestData<Ports> {
  const limiter = rateLimiter(limits);
  return (request) => {
    const opened: RequestStores[] = [];
    const open = (): RequestStores => {
      const stores = openStores(request);
      opened.push(stores);
      return stores;
    };
    const stores = open();
    const { openTenant, system, pinnedTo, checkPosition } = stores;
    return {
      authenticate: (authorization) =>
        authenticate(authorization, { stores, keySet, issuer, wallNow: wallNow() }),
      stateOf: (tenantId) => openTenant(tenantId).subscriptions.state(wallNow()),
      confidentialityOf: (tenantId) => openTenant(tenantId).confidentiality.inForce(wallNow()),
      async admit({ tenantId, actor }, rateClass) {
        const { rateLimits } = openTenant(tenantId);
        const bucket = { principal: actorId(actor), rateClass };
        try {
          return await limiter.admit(tenantId, rateLimits, bucket, wallNow());
        } catch (error) {
          // Limits protect the table, so its failure is no reason to refuse; but a guess is never free.
          if (rateClass === "secret") throw error;
          return undefined;
        }
      },
      openStore(tenantId, record) {
        if (pinnedTo() === undefined) throw new Error("a route opened a tenant before it had one");
        return openTenant(tenantId, record);
      },
      checkPosition,
      ports: portsOf(open),
      isReady: async () => (await system.publicKeys.get()).keys.length > 0,
      lastTick: system.timers.lastTick,
      usage: () => opened.map(({ usage }) => usage()).reduce(added),
    };
  };
}

const added = (a: Usage, b: Usage): Usage => ({
  requests: a.requests + b.requests,
  readUnits: a.readUnits + b.readUnits,
  writeUnits: a.writeUnits + b.writeUnits,
});
