import type { MemberId } from "@concord/core/id";
import {
  everyShard,
  hashed,
  type InTenant,
  type Key,
  membershipPartition,
  padded,
  ROW_SHARDS,
  shardOf,
} from "./key.ts";

/** Of a subject of an identity provider, which may be any text. */
const ssoLinkId = (issuer: string, subject: string): string =>
  hashed(JSON.stringify([issuer, subject]));

/** A provider of identities, whom it vouches for, and log-ins on their way. */
export const singleSignOnKeys = (inTenant: InTenant) => ({
  sso: (): Key => ({ pk: inTenant("SSO"), sk: "CONNECTION" }),
  ssoLink: (issuer: string, subject: string): Key => ({
    pk: inTenant(`SSOLINK#${ssoLinkId(issuer, subject)}`),
    sk: "LINK",
  }),
  ssoLinkId,

  /** Beside the member, so that two subjects of one issuer never are the same member. */
  ssoLinkOfMember: (issuer: string, memberId: MemberId): Key => ({
    pk: membershipPartition(inTenant, memberId),
    sk: `SSOLINK#${hashed(issuer)}`,
  }),
  ssoLinkOfMemberPrefix: "SSOLINK#",
  ssoLinkPartition: (linkId: string): string => inTenant(`SSOLINK#${linkId}`),
  ssoLinkRow: (linkId: string): Key => ({ pk: inTenant(`SSOLINK#${linkId}`), sk: "LINK" }),
  ssoLogin: (stateHash: string): Key => ({
    pk: inTenant(`SSOLOGIN#${padded(shardOf(stateHash, ROW_SHARDS))}`),
    sk: `LOGIN#${stateHash}`,
  }),
  ssoHandover: (codeHash: string): Key => ({
    pk: inTenant(`SSOLOGIN#${padded(shardOf(codeHash, ROW_SHARDS))}`),
    sk: `HANDOVER#${codeHash}`,
  }),
  ssoLoginShards: (): readonly string[] =>
    everyShard.map((shard) => inTenant(`SSOLOGIN#${padded(shard)}`)),
});
