import { createHash } from "node:crypto";
import { ulid } from "ulid";
import { z } from "zod";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ID_LENGTH = 26;

function prefixedId<P extends string>(prefix: P) {
  const schema = z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{${ID_LENGTH}}$`), `must be a ${prefix}_… id`)
    .brand<P>();
  return Object.assign(schema, { prefix });
}

export const TenantId = prefixedId("ten");
export type TenantId = z.infer<typeof TenantId>;
export const LoginLinkId = prefixedId("lnk");
export type LoginLinkId = z.infer<typeof LoginLinkId>;
export const PersonId = prefixedId("per");
export type PersonId = z.infer<typeof PersonId>;
export const MemberId = prefixedId("mem");
export type MemberId = z.infer<typeof MemberId>;
export const PartnerUserId = prefixedId("pus");
export type PartnerUserId = z.infer<typeof PartnerUserId>;
export const InvitationId = prefixedId("inv");
export type InvitationId = z.infer<typeof InvitationId>;
export const LoginSessionId = prefixedId("lgs");
export type LoginSessionId = z.infer<typeof LoginSessionId>;
export const ApiKeyId = prefixedId("aky");
export type ApiKeyId = z.infer<typeof ApiKeyId>;
export const PartnerId = prefixedId("ptr");
export type PartnerId = z.infer<typeof PartnerId>;
export const ProgramId = prefixedId("pgm");
export type ProgramId = z.infer<typeof ProgramId>;
export const SourceId = prefixedId("src");
export type SourceId = z.infer<typeof SourceId>;
export const ImportId = prefixedId("imp");
export type ImportId = z.infer<typeof ImportId>;
export const OpportunityId = prefixedId("opp");
export type OpportunityId = z.infer<typeof OpportunityId>;
export const AliasId = prefixedId("als");
export type AliasId = z.infer<typeof AliasId>;
export const FlagId = prefixedId("dqf");
export type FlagId = z.infer<typeof FlagId>;
export const FactReportId = prefixedId("frp");
export type FactReportId = z.infer<typeof FactReportId>;
/** One rater's rating of an indicator and month; says nothing of who it is. */
export const VoiceId = prefixedId("voc");
export type VoiceId = z.infer<typeof VoiceId>;
export const DisputeId = prefixedId("dsp");
export type DisputeId = z.infer<typeof DisputeId>;
export const CycleId = prefixedId("cyc");
export type CycleId = z.infer<typeof CycleId>;
export const ContributionId = prefixedId("ctb");
export type ContributionId = z.infer<typeof ContributionId>;
export const AgendaItemId = prefixedId("agi");
export type AgendaItemId = z.infer<typeof AgendaItemId>;
export const ActionItemId = prefixedId("act");
export type ActionItemId = z.infer<typeof ActionItemId>;
export const AssignmentId = prefixedId("asg");
export type AssignmentId = z.infer<typeof AssignmentId>;
export const PlanId = prefixedId("pln");
export type PlanId = z.infer<typeof PlanId>;

export const GoalId = prefixedId("gol");
export type GoalId = z.infer<typeof GoalId>;
export const MilestoneId = prefixedId("gms");
export type MilestoneId = z.infer<typeof MilestoneId>;

export const ExportId = prefixedId("exp");
export type ExportId = z.infer<typeof ExportId>;

export const LegalHoldId = prefixedId("hld");
export type LegalHoldId = z.infer<typeof LegalHoldId>;

export const InvoiceId = prefixedId("ivc");
export type InvoiceId = z.infer<typeof InvoiceId>;

export type IdSchema = z.ZodType & { readonly prefix: string };

/** Mints a new id of the given kind; time and randomness come from the entry point. */
export type MintId = <S extends IdSchema>(kind: S) => z.infer<S>;

/** @param now milliseconds since the epoch; orders ids by creation. @param random in [0, 1). */
export const mintIds =
  (now: () => number, random: () => number): MintId =>
  (kind) =>
    kind.parse(`${kind.prefix}_${ulid(now(), random)}`) as z.infer<typeof kind>;

/**
 * The id that belongs to these parts and to no others: a repeat derives the same id, so that
 * "exists already" is a condition on a key. 130 bits of SHA-256 over the length-prefixed parts.
 */
export function deriveId<S extends IdSchema>(kind: S, ...parts: readonly string[]): z.infer<S> {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  const bytes = hash.digest();
  const symbols = Array.from(bytes.subarray(0, ID_LENGTH), (byte) => CROCKFORD[byte % 32]);
  return kind.parse(`${kind.prefix}_${symbols.join("")}`) as z.infer<S>;
}

/** A cycle *is* (program, period): opening it twice meets the same key. */
export const cycleIdOf = (programId: ProgramId, period: string): CycleId =>
  deriveId(CycleId, programId, period);
