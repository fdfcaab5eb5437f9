import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import type { TenantId } from "@concord/core/id";

/** The longest that AWS gives to a role that itself assumes one. */
const SESSION_SECONDS = 3_600;

/**
 * Sessions of the role that may reach one tenant's rows: which tenant, the tag of the session says
 * (`aws:PrincipalTag/tenantId` in the role's policy).
 */
export const stsTenantRole =
  (client: Pick<STSClient, "send">, roleArn: string) =>
  async (
    tenantId: TenantId,
  ): Promise<{
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    readonly expiration: Date;
  }> => {
    const { Credentials } = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: tenantId,
        DurationSeconds: SESSION_SECONDS,
        Tags: [{ Key: "tenantId", Value: tenantId }],
        // A role that such a session took on in its turn would be the same tenant's.
        TransitiveTagKeys: ["tenantId"],
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      throw new Error("STS answered without credentials");
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  };
