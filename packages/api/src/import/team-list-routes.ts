import { createPartnersFromTeamList, TeamList, TeamListResult } from "@concord/core/import";
import type { MemberStore } from "@concord/core/member";
import type { PartnerStore } from "@concord/core/partner";
import type { SourceStore } from "@concord/core/source";
import { on, type Route, route } from "../http/route.ts";

export const put = route({
  operationId: "putTeamList",
  tag: "partners",
  summary: "Add the partners of a team list that are not there yet; repeating it adds none",
  method: "put",
  path: "/partners/team-list",
  permission: "partner:create",
  retry: "safe",
  rate: "bulk",
  request: { body: TeamList },
  response: { status: 200, body: TeamListResult },
  errors: ["team-list-invalid", "edition-limit-reached", "member-unknown"],
});

export const teamListRoutes: readonly Route<MemberStore & PartnerStore & SourceStore>[] = [
  on(put, {
    run: (ctx, { body }) => createPartnersFromTeamList(ctx, body),
    answer: (result) => ({ body: result }),
  }),
];
