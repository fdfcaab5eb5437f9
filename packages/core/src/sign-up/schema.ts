import { z } from "zod";
import { EditionName } from "../edition/index.ts";
import { TenantId } from "../id/index.ts";
import { DisplayName, EmailAddress, NewPassword } from "../person/index.ts";
import { CreateTenant } from "../tenant/index.ts";

/** How long a mailed link opens. */
export const SIGN_UP_SECONDS = 86_400;

/**
 * Somebody who wants a tenant, until they show that the mailbox is theirs. It lies where the tenant will
 * be, under the id that the tenant will have.
 */
export const SignUp = z.object({
  tenantId: TenantId,
  email: EmailAddress,
  displayName: DisplayName,
  tenant: CreateTenant,
  edition: EditionName,
  /** Of the mailed token. */
  tokenHash: z.string(),
  createdAt: z.iso.datetime(),
  /** Epoch seconds of the wall clock. */
  expiresAt: z.number().int(),
});
export type SignUp = z.infer<typeof SignUp>;

export const RequestSignUp = z
  .strictObject({
    email: EmailAddress,
    displayName: DisplayName,
    tenant: CreateTenant.meta({ id: "CreateTenant" }),
    /** What is tried; it can be changed at any time. */
    edition: EditionName.default("growth"),
  })
  .meta({ id: "RequestSignUp" });
export type RequestSignUp = z.infer<typeof RequestSignUp>;

/** The same for everybody: it tells nothing of the address. */
export const SignUpRequested = z
  .object({ status: z.literal("mail-sent") })
  .meta({ id: "SignUpRequested" });

export const ConfirmSignUp = z
  .strictObject({
    /** As it was mailed. */
    token: z.string().min(1).max(200),
    /** Of who is new to Concord; who has a password keeps it. */
    password: NewPassword,
  })
  .meta({ id: "ConfirmSignUp" });
export type ConfirmSignUp = z.infer<typeof ConfirmSignUp>;
