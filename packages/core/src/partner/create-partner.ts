import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { withinLimit } from "../edition/index.ts";
import { PartnerId } from "../id/index.ts";
import { requireMembers } from "./named-members.ts";
import { create } from "./partner.ts";
import type { PartnerStore } from "./repository.ts";
import type { CreatePartner, Partner } from "./schema.ts";

/** @throws DomainError permission-denied | partner-name-taken | member-unknown | edition-limit-reached */
export async function createPartner(
  ctx: RequestContext<PartnerStore>,
  input: CreatePartner,
): Promise<Partner> {
  const by = requirePermission(ctx.actor, "partner:create");
  const { partnerManagerId, executiveSponsorId, dataStewardId } = input;
  await requireMembers(ctx, { partnerManagerId, executiveSponsorId, dataStewardId });
  const { next, event } = create(ctx.mint(PartnerId), input, by, ctx.now);
  await withinLimit(ctx, "partners", () => ctx.store.partners.save(next, event));
  return next;
}
