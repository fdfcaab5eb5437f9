import { CycleId, DisputeId, PartnerId, ProgramId } from "@concord/core/id";
import { tenantKeys, withinTenant } from "../keys/index.ts";
import {
  type Exercise,
  event,
  exercise,
  FIRST_PAGE,
  idOf,
  type Stores,
  TENANT,
} from "./access-patterns.ts";
import { timer } from "./people-values.ts";
import {
  calibration,
  dispute,
  rejectedDispute,
  reviewKey,
  upheldDispute,
} from "./review-values.ts";
import { frozen, partnerTier } from "./scoring-values.ts";

const disputeTimer = timer({ kind: "dispute", subject: idOf(DisputeId) });
const file = ({ tenant: { disputes } }: Stores) =>
  disputes.file(dispute(), event("dispute.filed"), disputeTimer);
const openCalibration = ({ tenant: { calibrations } }: Stores) =>
  calibrations.save(calibration(), event("calibration.opened"));
const recommend = ({ tenant: { tiers } }: Stores) =>
  tiers.save(partnerTier(), event("tier.recommended"));
const nothing = async () => undefined;
const subject = { about: "score", metricId: "win-rate" } as const;
const partition = withinTenant(TENANT, tenantKeys(TENANT).review(reviewKey).pk);

export const disputeExercises: readonly Exercise[] = [
  exercise("AP-253", file, ({ tenant: { disputes } }) => disputes.get(reviewKey, idOf(DisputeId))),
  exercise("AP-254", file, ({ tenant: { disputes } }) => disputes.subject(reviewKey, subject)),
  exercise("AP-255", file, ({ tenant: { disputes } }) => disputes.ofCard(reviewKey, FIRST_PAGE)),
  exercise("AP-256", file, ({ tenant: { disputes } }) =>
    disputes.ofCycle(idOf(CycleId), FIRST_PAGE),
  ),
  exercise("AP-257", file, ({ tenant: { disputes } }) => disputes.open(FIRST_PAGE)),
  exercise("AP-258", nothing, file),
  exercise("AP-259", file, ({ tenant: { disputes } }) =>
    disputes.save(dispute({ version: 2, isOverdue: true }), event("dispute.overdue")),
  ),
  exercise("AP-260", file, ({ tenant: { disputes } }) =>
    disputes.close({ next: rejectedDispute(), event: event("dispute.rejected") }, 1),
  ),
  exercise("AP-261", file, ({ tenant: { disputes } }) =>
    disputes.close({ next: upheldDispute(), event: event("dispute.upheld") }, 2, {
      card: frozen(2).card,
      event: event("scorecard.revised"),
    }),
  ),
  exercise("AP-262", file, ({ tenant: { disputes } }) =>
    disputes.toldBy([{ object: { id: idOf(DisputeId) }, row: { partition } }]),
  ),

  exercise("AP-263", openCalibration, ({ tenant: { calibrations } }) =>
    calibrations.get(idOf(CycleId)),
  ),
  exercise("AP-264", nothing, openCalibration),
  exercise("AP-265", openCalibration, ({ tenant: { calibrations } }) =>
    calibrations.adjust({ card: frozen(2).card, event: event("scorecard.revised") }),
  ),

  exercise("AP-266", recommend, ({ tenant: { tiers } }) =>
    tiers.get(idOf(PartnerId), idOf(ProgramId)),
  ),
  exercise("AP-267", recommend, ({ tenant: { tiers } }) =>
    tiers.ofPartner(idOf(PartnerId), FIRST_PAGE),
  ),
  exercise("AP-268", recommend, ({ tenant: { tiers } }) => tiers.waiting(FIRST_PAGE)),
  exercise("AP-269", nothing, recommend),
];
