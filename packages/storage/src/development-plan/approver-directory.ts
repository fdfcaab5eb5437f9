import type { ApproverDirectory, Candidate } from "@concord/core/development-plan";
import type { MemberRepository } from "@concord/core/member";

const PAGE = 100;

/** The tenant's active members. */
export const approverDirectory = (members: MemberRepository): ApproverDirectory => ({
  /** AP-141 */
  async candidates() {
    const candidates: Candidate[] = [];
    let position: string | undefined;
    do {
      const page = await members.list({ limit: PAGE, position });
      for (const { memberId, roles, status } of page.items) {
        if (status === "active") candidates.push({ memberId, roles });
      }
      position = page.position;
    } while (position !== undefined);
    return candidates;
  },
});
