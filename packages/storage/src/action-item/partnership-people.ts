import type { PartnershipPeople } from "@concord/core/action-item";
import type { MemberStore } from "@concord/core/member";

/** Members of the tenant and people of the partner, as long as their membership lasts. */
export const partnershipPeople = ({
  members,
  partnerUsers,
}: Pick<MemberStore, "members" | "partnerUsers">): PartnershipPeople => ({
  /** AP-124 */
  async isOfPartnership(owner, partnerId) {
    if (owner.kind === "member") return (await members.get(owner.memberId))?.status === "active";
    const user = await partnerUsers.get(owner.partnerUserId);
    return user?.status === "active" && user.partnerId === partnerId;
  },
});
