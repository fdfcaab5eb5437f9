import { everyItem } from "@concord/core/context";
import type { ApproverDirectory, Candidate } from "@concord/core/development-plan";
import type { MemberId } from "@concord/core/id";
import type { Member, MemberRepository } from "@concord/core/member";

const candidateOf = ({ memberId, roles, status }: Member): Candidate[] =>
  status === "active" ? [{ memberId, roles }] : [];

/** The tenant's active members: from the list, and those named from their own rows. */
export const approverDirectory = (
  members: Pick<MemberRepository, "get" | "list">,
): ApproverDirectory => ({
  /** AP-141 */
  async candidates(named) {
    const found = new Map<MemberId, Candidate[]>();
    for await (const member of everyItem((page) => members.list(page))) {
      found.set(member.memberId, candidateOf(member));
    }
    for (const memberId of new Set(named)) {
      const member = await members.get(memberId);
      found.set(memberId, member ? candidateOf(member) : []);
    }
    return [...found.values()].flat();
  },
});
