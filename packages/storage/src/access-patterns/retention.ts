import { ActionItemId, LegalHoldId, MemberId, PartnerId } from "@concord/core/id";
import { type LegalHold, noHolds } from "@concord/core/legal-hold";
import type { DueRecord, RetentionRules, RetentionRun } from "@concord/core/retention";
import {
  AT,
  drain,
  type Exercise,
  event,
  exercise,
  FIRST_PAGE,
  idOf,
  NOW,
  type Stores,
} from "./access-patterns.ts";
import { actionItem } from "./review-values.ts";

const DAY = "2027-01-15";
const holdId = idOf(LegalHoldId);
const partnerId = idOf(PartnerId);
const hold: LegalHold = {
  ...{ holdId, partnerId, reason: "A dispute over a rebate", status: "in-force" },
  ...{ placedBy: { kind: "member", memberId: idOf(MemberId) }, placedAt: AT, version: 1 },
};
const inForce = { holds: [{ holdId, partnerId }], version: 1 };
const rules: RetentionRules = { days: { "action-item": 365 }, version: 1, updatedAt: AT };
const run = (changes: Partial<RetentionRun> = {}): RetentionRun => ({
  ...{ day: DAY, rulesVersion: 1, startedAt: AT, finishedAt: null, expiredRows: 0 },
  outcomes: [{ kind: "action-item", days: 365, upTo: "2026-01-15", removed: 0, held: 0 }],
  ...{ position: null, clearedUpTo: {}, version: 1 },
  ...changes,
});
const record: DueRecord = {
  ...{ kind: "action-item", partnerId, version: 1 },
  actionItemId: idOf(ActionItemId),
};

const nothing = async () => undefined;
const placeHold = ({ tenant: { legalHolds } }: Stores) =>
  legalHolds.save({ next: hold, event: event("legal-hold.placed"), inForce });
const setRules = ({ tenant: { retention } }: Stores) =>
  retention.saveRules(rules, event("retention.rules-set"), [
    { kind: "retention", subject: "daily", dueAt: AT },
  ]);
const begin = ({ tenant: { retention } }: Stores) => retention.saveProgress(run());
const addItem = ({ tenant: { actionItems } }: Stores) =>
  actionItems.save(actionItem(), event("action-item.created"));
const ready = async (stores: Stores) => {
  await addItem(stores);
  await setRules(stores);
  await begin(stores);
  return stores.tenant.retention.removables([record]);
};
const mailSent = ({ tenant: { sentMails } }: Stores) =>
  sentMails.mark({ mailId: "mail-1", sentAt: AT, expiresAt: NOW.getTime() / 1000 + 600 });
const SOON = NOW.getTime() / 1000 + 10;

export const retentionExercises: readonly Exercise[] = [
  exercise("AP-391", placeHold, ({ tenant: { legalHolds } }) => legalHolds.get(holdId)),
  exercise("AP-392", placeHold, ({ tenant: { legalHolds } }) => legalHolds.list(FIRST_PAGE)),
  exercise("AP-393", placeHold, ({ tenant: { legalHolds } }) => legalHolds.inForce()),
  exercise("AP-394", nothing, placeHold),
  exercise("AP-395", setRules, ({ tenant: { retention } }) => retention.rules()),
  exercise("AP-396", setRules, ({ tenant: { retention } }) => retention.basis()),
  exercise("AP-397", nothing, setRules),
  exercise("AP-398", begin, ({ tenant: { retention } }) => retention.latestRun()),
  exercise("AP-399", begin, ({ tenant: { retention } }) => retention.listRuns(FIRST_PAGE)),
  exercise("AP-400", nothing, begin),
  exercise("AP-401", begin, ({ tenant: { retention } }) =>
    retention.saveRun(run({ version: 2, finishedAt: AT }), event("retention.run-finished")),
  ),
  exercise("AP-402", addItem, ({ tenant: { retention } }) => retention.removables([record])),
  exercise("AP-403", ready, ({ tenant: { retention } }, removables) =>
    retention.remove(run({ version: 2 }), event("retention.removed"), removables, {
      ...{ rules, holds: noHolds },
    }),
  ),
  exercise("AP-404", mailSent, ({ tenant: { retention } }) => retention.removeExpired(SOON)),
  exercise("AP-405", setRules, ({ tenant: { audit } }) => drain(audit.retentionEvents())),
];
