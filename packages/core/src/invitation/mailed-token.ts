import { InvitationId, TenantId } from "../id/index.ts";

/** What an invitation's mail carries: where the row is, and the token that opens it. */
export interface MailedToken {
  readonly tenantId: TenantId;
  readonly invitationId: InvitationId;
  readonly token: string;
}

export const toMailed = ({ tenantId, invitationId, token }: MailedToken): string =>
  `${tenantId}.${invitationId}.${token}`;

/** Undefined for what was never mailed. */
export function fromMailed(text: string): MailedToken | undefined {
  const [tenant, invitation, token, ...rest] = text.split(".");
  const tenantId = TenantId.safeParse(tenant);
  const invitationId = InvitationId.safeParse(invitation);
  if (!tenantId.success || !invitationId.success || !token || rest.length > 0) return undefined;
  return { tenantId: tenantId.data, invitationId: invitationId.data, token };
}
