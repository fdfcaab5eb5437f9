import type { MemberRepository } from "@concord/core/member";
import type { NamedMembers } from "@concord/core/partner";

export const namedMembers = (members: Pick<MemberRepository, "get">): NamedMembers => ({
  /** AP-16 */
  async strangersAmong(memberIds) {
    const found = await Promise.all(
      [...new Set(memberIds)].map(async (memberId) => ({
        memberId,
        member: await members.get(memberId),
      })),
    );
    return found.flatMap(({ memberId, member }) => (member?.status === "active" ? [] : [memberId]));
  },
});
