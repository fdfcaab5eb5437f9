import { type ActorWith, type Side, sideOf } from "../actor/index.ts";
import type { Quarter } from "../calendar/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { PartnerId, ProgramId } from "../id/index.ts";
import type { PartnerTarget, TargetBasis, TargetProposal, TargetSet } from "./schema.ts";

interface TargetSetRef {
  readonly partnerId: PartnerId;
  readonly programId: ProgramId;
  readonly from: Quarter;
  readonly number: number;
}
export type TargetsProposed = DomainEvent<
  "target-set.proposed",
  TargetSetRef & { readonly targets: readonly PartnerTarget[]; readonly basis: TargetBasis }
>;
export type TargetsAcknowledged = DomainEvent<
  "target-set.acknowledged",
  TargetSetRef & { readonly side: Side; readonly isAgreed: boolean }
>;
export type TargetEvent = TargetsProposed | TargetsAcknowledged;

type Acknowledging = ActorWith<"target:acknowledge">;

export const noneProposed = (key: {
  readonly partnerId: PartnerId;
  readonly programId: ProgramId;
  readonly from: Quarter;
}): TargetSet => ({
  partnerId: key.partnerId,
  programId: key.programId,
  from: key.from,
  proposal: null,
  agreed: null,
  version: 0,
  updatedAt: null,
});

const refOfSet = ({ partnerId, programId, from }: TargetSet, number: number): TargetSetRef => ({
  ...{ partnerId, programId, from, number },
});

const sameTargets = (a: readonly PartnerTarget[], b: readonly PartnerTarget[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Whether a proposal of these would change nothing. */
export function isProposed({ proposal, agreed }: TargetSet, targets: readonly PartnerTarget[]) {
  const latest = proposal ?? agreed;
  return latest !== null && sameTargets(latest.targets, targets);
}

/** Takes the place of what was proposed before; what was agreed stays in force until both acknowledge this. */
export function propose(
  current: TargetSet,
  input: { readonly targets: readonly PartnerTarget[]; readonly basis: TargetBasis },
  by: ActorWith<"target:propose">,
  now: Date,
): { next: TargetSet; event: TargetsProposed } {
  const number = 1 + Math.max(current.proposal?.number ?? 0, current.agreed?.number ?? 0);
  const targets = [...input.targets];
  const { basis } = input;
  const event = eventOf("target-set.proposed", by, now, {
    ...refOfSet(current, number),
    ...{ targets, basis },
  });
  const proposal: TargetProposal = {
    ...{ number, targets, basis },
    ...{ proposedBy: event.by, proposedAt: event.at, vendor: null, partner: null },
  };
  return { next: changed(current, { proposal }, event.at), event };
}

const changed = (
  current: TargetSet,
  changes: Partial<Pick<TargetSet, "proposal" | "agreed">>,
  updatedAt: string,
): TargetSet => ({ ...current, ...changes, version: current.version + 1, updatedAt });

/**
 * For the side of whoever acknowledges; with the second side it is agreed.
 * @throws DomainError target-proposal-missing | target-proposal-acknowledged
 */
export function acknowledge(
  current: TargetSet,
  by: Acknowledging,
  now: Date,
): { next: TargetSet; event: TargetsAcknowledged } {
  const proposal = current.proposal ?? raise("target-proposal-missing");
  const side = sideOf(by);
  if (proposal[side]) raise("target-proposal-acknowledged");
  const at = now.toISOString();
  const event = (isAgreed: boolean) =>
    eventOf("target-set.acknowledged", by, now, {
      ...refOfSet(current, proposal.number),
      ...{ side, isAgreed },
    });
  const acknowledged = { ...proposal, [side]: { by: event(false).by, at } };
  const { vendor, partner } = acknowledged;
  if (!vendor || !partner) {
    return { next: changed(current, { proposal: acknowledged }, at), event: event(false) };
  }
  const agreed = { ...acknowledged, vendor, partner };
  return { next: changed(current, { proposal: null, agreed }, at), event: event(true) };
}
