import {
  ConfirmSignUp,
  confirmSignUp,
  RequestSignUp,
  requestSignUp,
  SignUpRequested,
} from "@concord/core/sign-up";
import { Tenant } from "@concord/core/tenant";
import type { AccountPorts } from "../account/ports.ts";
import { jsonAnswer, type PublicRoute } from "../http/public-route.ts";
import { parseJson, parsePart } from "../http/read-request.ts";
import { limitedAnswer } from "../login/limited-answer.ts";

const request: PublicRoute<AccountPorts> = {
  operationId: "requestSignUp",
  tag: "sign-up",
  summary: "Sign a vendor organisation up: a mail brings the token that confirms it",
  method: "post",
  path: "/v1/sign-ups",
  rate: "guess",
  request: { body: RequestSignUp },
  response: { status: 202, body: SignUpRequested },
  errors: ["login-limited"],
  async respond({ data, requestId, clientAddress, body }) {
    const input = parsePart("body", RequestSignUp, parseJson(await body())) as RequestSignUp;
    const outcome = await requestSignUp(data.ports, input, clientAddress);
    if (outcome.kind === "limited") return limitedAnswer(outcome, requestId);
    return jsonAnswer({ status: "mail-sent" }, { status: 202 });
  },
};

const confirm: PublicRoute<AccountPorts> = {
  operationId: "confirmSignUp",
  tag: "sign-up",
  summary: "Confirm a sign-up with the mailed token, once: your tenant begins its trial",
  method: "post",
  path: "/v1/sign-ups/confirm",
  rate: "token",
  request: { body: ConfirmSignUp },
  response: { status: 201, body: Tenant },
  errors: [
    "sign-up-not-found",
    "sign-up-expired",
    "sign-up-confirmed",
    "password-unsuitable",
    "address-busy",
  ],
  async respond({ data, body }) {
    const input = parsePart("body", ConfirmSignUp, parseJson(await body())) as ConfirmSignUp;
    const { tenant } = await confirmSignUp(data.ports, input);
    return jsonAnswer(tenant, { status: 201 });
  },
};

export const signUpPublicRoutes: readonly PublicRoute<AccountPorts>[] = [request, confirm];
