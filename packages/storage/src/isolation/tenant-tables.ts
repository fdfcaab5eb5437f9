import type { TenantId } from "@concord/core/id";
import type { Table } from "../dynamo-table/contract.ts";
import { beginningOf, EgressRefused } from "./egress-guard.ts";

/** What AWS STS gives for a session; the shape that SDK clients take. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A session of this tenant alone. */
export type AssumeTenantRole = (tenantId: TenantId) => Promise<SessionCredentials>;

/** A request that starts with a session must not outlive it: the longest of them takes 15 minutes. */
const RENEW_BEFORE_MS = 16 * 60_000;
/** A session is 2 KB; a process that serves more tenants than this asks again for the ones it forgot. */
const MOST_TENANTS = 500;

/**
 * Connections of single tenants, each with credentials that reach nothing of another. Kept for the
 * tenants used last, with one session each: it is asked for once however many requests wait for it,
 * and anew before it ends. One that could not be had is not kept.
 */
export function tenantTables({
  assume,
  connect,
  now,
  most = MOST_TENANTS,
}: {
  readonly assume: AssumeTenantRole;
  /** A table whose every request is signed with what `credentials` gives at that moment. */
  readonly connect: (credentials: () => Promise<SessionCredentials>) => Table;
  /** The wall clock, in milliseconds. */
  readonly now: () => number;
  readonly most?: number;
}): (tenantId: TenantId) => Table {
  const kept = new Map<TenantId, Table>();
  return (tenantId) => {
    const connected = () => ofTenant(connect(sessionOf(() => assume(tenantId), now)), tenantId);
    const table = kept.get(tenantId) ?? connected();
    // Set anew, so that the first of the map is the one not used for longest.
    kept.delete(tenantId);
    kept.set(tenantId, table);
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    return table;
  };
}

/** AWS judges what it is asked; what is remembered from before is judged here. */
function ofTenant(table: Table, tenantId: TenantId): Table {
  return {
    ...table,
    permits(_how, pk) {
      if (pk.startsWith(beginningOf(tenantId))) return;
      throw new EgressRefused("to hand on what was remembered of another tenant");
    },
    metered: (meter) => ofTenant(table.metered(meter), tenantId),
  };
}

function sessionOf(
  assume: () => Promise<SessionCredentials>,
  now: () => number,
): () => Promise<SessionCredentials> {
  let current: Promise<SessionCredentials> | undefined;
  const renew = (): Promise<SessionCredentials> => {
    const asked = assume();
    current = asked;
    // Nobody asks for the next while one is on its way.
    asked.catch(() => {
      current = undefined;
    });
    return asked;
  };
  return async () => {
    const asked = current ?? renew();
    const session = await asked;
    if (session.expiration.getTime() - now() > RENEW_BEFORE_MS) return session;
    return current === asked ? renew() : (current ?? renew());
  };
}
