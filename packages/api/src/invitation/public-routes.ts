import { raise } from "@concord/core/error";
import { AcceptInvitation, acceptByToken } from "@concord/core/invitation";
import { describeClient, enter, LoginAnswer } from "@concord/core/login";
import type { AccountPorts } from "../account/ports.ts";
import type { PublicRoute } from "../http/public-route.ts";
import { parseJson, parsePart } from "../http/read-request.ts";
import { loginAnswer, secondFactorProblem } from "../login/public-routes.ts";

const accept: PublicRoute<AccountPorts> = {
  operationId: "acceptInvitation",
  tag: "invitations",
  summary:
    "Accept an invitation with the mailed token, once, and be logged in; who has no password yet chooses one",
  method: "post",
  path: "/v1/invitations/accept",
  rate: "token",
  request: { body: AcceptInvitation },
  response: { status: 200, body: LoginAnswer },
  errors: [
    "invitation-not-found",
    "invitation-accepted",
    "invitation-revoked",
    "invitation-expired",
    "invitation-void",
    "password-needed",
    "password-unsuitable",
    "member-exists",
    "partner-user-exists",
    "partner-not-found",
    "address-busy",
    "edition-limit-reached",
    "tenant-suspended",
    "tenant-closed",
    "sso-required",
    "second-factor-needed",
  ],
  problemMembers: secondFactorProblem,
  async respond({ data, requestId, body, header }) {
    const input = parsePart("body", AcceptInvitation, parseJson(await body())) as AcceptInvitation;
    const membership = await acceptByToken(data.ports, input);
    const [tenant] = await data.ports.tenants.find([membership.tenantId]);
    if (!tenant) raise("tenant-not-found");
    const client = describeClient(header("User-Agent"));
    const entry = { method: "invitation", client } as const;
    return loginAnswer(await enter(data.ports, membership, tenant, entry), requestId);
  },
};

export const invitationPublicRoutes: readonly PublicRoute<AccountPorts>[] = [accept];
