import {
  Dispute,
  DisputedSubject,
  type DisputeRepository,
  type OpenDispute,
} from "@concord/core/dispute";
import { DisputeId } from "@concord/core/id";
import type { ScorecardKey } from "@concord/core/scorecard";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { always, type Condition } from "../dynamo-table/condition.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { page } from "../position.ts";
import { revisionWrites } from "../scorecard/dynamo-scorecard-repository.ts";
import { timerWrites } from "../timer/timer-item.ts";

export const disputeAggregate = (keys: TenantKeys): Aggregate<Dispute> => ({
  name: "Dispute",
  schema: Dispute,
  schemaVersion: 1,
  id: ({ disputeId }) => disputeId,
  key: (dispute) => keys.dispute(dispute, dispute.disputeId),
  indexes: ({ cycleId, disputeId, status, filedAt, dueOn }) => ({
    gsi2pk: keys.cycleDisputes(cycleId),
    gsi2sk: keys.disputeListSort(filedAt, disputeId),
    ...(status === "open"
      ? { gsi1pk: keys.openDisputes(), gsi1sk: keys.disputeListSort(dueOn, disputeId) }
      : {}),
  }),
});

const subjectEntity = (keys: TenantKeys): Entity<DisputedSubject> => ({
  name: "DisputedSubject",
  schema: DisputedSubject,
  schemaVersion: 1,
  key: (subject) => keys.disputedSubject(subject, subject),
});

const subjectOf = (dispute: Dispute, settledRevision: number): DisputedSubject => {
  const { cycleId, partnerId, about, metricId, disputeId } = dispute;
  const isOpen = dispute.status === "open";
  return { cycleId, partnerId, about, metricId, disputeId, isOpen, settledRevision };
};

/** Nobody disputes it, and for this revision nobody has decided on it. */
const isDisputable = ({ scorecardRevision }: OpenDispute): Condition => ({
  expression: "attribute_not_exists(#pk) OR (#isOpen = :closed AND #settled < :revision)",
  names: { "#pk": "pk", "#isOpen": "isOpen", "#settled": "settledRevision" },
  values: { ":closed": false, ":revision": scorecardRevision },
});

export function dynamoDisputeRepository(tenant: TenantTable): DisputeRepository {
  const { table, keys } = tenant;
  const disputes = disputeAggregate(keys);
  const subjects = subjectEntity(keys);
  const ofCard = (key: ScorecardKey) => ({
    pk: keys.review(key).pk,
    sort: { prefix: keys.disputePrefix },
  });

  return {
    /** AP-253 */
    get: (key, disputeId) => load(tenant, disputes, keys.dispute(key, disputeId)),

    /** AP-254 */
    subject: (key, subject) => load(tenant, subjects, keys.disputedSubject(key, subject)),

    /** AP-255 */
    ofCard: (key, request) => page(table, disputes, ofCard(key), request, keys.prefix),

    /** AP-256 */
    ofCycle: (cycleId, request) =>
      page(
        table,
        disputes,
        { index: "gsi2", pk: keys.cycleDisputes(cycleId) },
        request,
        keys.prefix,
      ),

    /** AP-257 */
    open: (request) =>
      page(table, disputes, { index: "gsi1", pk: keys.openDisputes() }, request, keys.prefix),

    /** AP-258: what was settled before is asked for by the condition, and then no longer matters. */
    file: (next, event, timer) => {
      const subject = toItem(subjects, subjectOf(next, 0));
      return save(tenant, disputes, next, event, {
        also: [
          { write: { put: subject, condition: isDisputable(next) }, otherwise: "dispute-exists" },
          ...timerWrites(keys, [timer]),
        ],
      });
    },

    /** AP-259 */
    save: (next, event) => save(tenant, disputes, next, event),

    /** AP-260, AP-261 */
    close: ({ next, event }, settledRevision, revision) => {
      const subject = toItem(subjects, subjectOf(next, settledRevision));
      const writes = [
        { put: subject, condition: always },
        ...(revision ? revisionWrites(tenant, revision.card, revision.event) : []),
      ];
      const also = writes.map((write) => ({ write, otherwise: "version-stale" as const }));
      return save(tenant, disputes, next, event, { also });
    },

    /** AP-262 */
    async toldBy(entries) {
      if (entries.length === 0) return [];
      const items = await table.getAll(
        entries.map(({ object, row }) => ({
          pk: keys.partitionOf(row.partition),
          sk: keys.disputeSort(DisputeId.parse(object.id)),
        })),
      );
      return items.map((item) => fromItem(disputes, item));
    },
  };
}
