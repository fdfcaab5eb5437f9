import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { MemberId } from "../id/index.ts";
import type { PartnerStore } from "./repository.ts";

/**
 * Whoever is named as answerable for something is a member of this tenant today.
 * @param named member ids by the name of the field they stand in; null where nobody is named
 * @throws DomainError member-unknown with every field at fault
 */
export async function requireMembers(
  ctx: RequestContext<Pick<PartnerStore, "namedMembers">>,
  named: Readonly<Record<string, MemberId | null | undefined>>,
): Promise<void> {
  const given = Object.entries(named).flatMap(([field, memberId]) =>
    memberId ? [{ field, memberId }] : [],
  );
  if (given.length === 0) return;
  const strangers = await ctx.store.namedMembers.strangersAmong(
    given.map(({ memberId }) => memberId),
  );
  const places = given
    .filter(({ memberId }) => strangers.includes(memberId))
    .map(({ field }) => ({ pointer: `/${field}`, detail: "is no member of the tenant" }));
  if (places.length > 0) raise("member-unknown", undefined, places);
}
