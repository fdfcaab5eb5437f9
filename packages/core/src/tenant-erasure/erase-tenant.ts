import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import type { SubscriptionStore } from "../edition/index.ts";
import type { TenantId } from "../id/index.ts";
import type { ContentsStore } from "../tenant-contents/index.ts";
import type { Erasure, ErasureRepository } from "./repository.ts";

type Context = RequestContext<ContentsStore & SubscriptionStore>;

interface Ports {
  readonly erasures: ErasureRepository;
  /** Whether the process is about to end; what is left is gone on with at the next call. */
  readonly shouldPause: () => boolean;
}

/**
 * Removes everything of a tenant whose subscription is erased, as far as it comes: first everything is
 * listed, then removed part by part. Safe to repeat and to break off anywhere.
 * @returns the erasure as it stands; undefined where the tenant is not to be erased
 */
export async function eraseTenant(
  ctx: Context,
  ports: Ports,
  tenantId: TenantId,
): Promise<Erasure | undefined> {
  requirePermission(ctx.actor, "tenant:erase");
  const { erasures } = ports;
  const begun = (await erasures.get(tenantId)) ?? (await begin(ctx, erasures, tenantId));
  if (!begun || begun.finishedAt !== null) return begun;
  let current = begun.parts === null ? await list(ctx, erasures, begun) : begun;
  const parts = current.parts ?? 0;
  while (current.nextPart < parts) {
    current = await removePart(ctx, erasures, current);
    if (ports.shouldPause()) return current;
  }
  // What a request that was under way wrote behind the list.
  for await (const { places } of ctx.store.contents.walk()) {
    for (const place of places) {
      const rowsRemoved = current.rowsRemoved + (await ctx.store.contents.removeAll(place));
      current = { ...current, rowsRemoved };
    }
  }
  await erasures.forgetTenant(tenantId);
  await erasures.dropParts(tenantId, parts);
  const finished = { ...current, finishedAt: ctx.now.toISOString() };
  await erasures.save(finished);
  return finished;
}

/** Only what the subscription says is erased, whatever timer is left from another time. */
async function begin(
  ctx: Context,
  erasures: ErasureRepository,
  tenantId: TenantId,
): Promise<Erasure | undefined> {
  const subscription = await ctx.store.subscriptions.get();
  if (subscription?.state !== "erased") return undefined;
  const erasure: Erasure = {
    tenantId,
    erasedAt: subscription.stateSince,
    parts: null,
    nextPart: 0,
    rowsRemoved: 0,
    peopleRemoved: 0,
    finishedAt: null,
  };
  await erasures.save(erasure);
  return erasure;
}

async function list(ctx: Context, erasures: ErasureRepository, erasure: Erasure): Promise<Erasure> {
  let parts = 0;
  for await (const part of ctx.store.contents.walk()) {
    await erasures.putPart(erasure.tenantId, parts, part);
    parts += 1;
  }
  const next = { ...erasure, parts };
  await erasures.save(next);
  return next;
}

async function removePart(
  ctx: Context,
  erasures: ErasureRepository,
  erasure: Erasure,
): Promise<Erasure> {
  const { tenantId, nextPart } = erasure;
  const part = await erasures.part(tenantId, nextPart);
  if (!part) throw new Error(`part ${nextPart} of the erasure is missing`);
  let { rowsRemoved, peopleRemoved } = erasure;
  for (const personId of part.people) {
    if (await erasures.forgetPerson(tenantId, personId)) peopleRemoved += 1;
  }
  for (const pointer of part.pointers) await erasures.forgetPointer(pointer);
  for (const place of part.places) rowsRemoved += await ctx.store.contents.removeAll(place);
  const next = { ...erasure, nextPart: nextPart + 1, rowsRemoved, peopleRemoved };
  await erasures.save(next);
  return next;
}
