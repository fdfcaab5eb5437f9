import type { AuditedState } from "@concord/core/audit";
import { actionItemAggregate } from "../action-item/dynamo-action-item-repository.ts";
import { type Aggregate, personalOf, stateDigestOf } from "../aggregate.ts";
import { apiKeyAggregate } from "../api-key/dynamo-api-key-repository.ts";
import { rosterAggregate } from "../assignment/roster-rows.ts";
import { cadenceAggregate } from "../cadence/dynamo-cadence-repository.ts";
import { calibrationAggregate } from "../calibration/dynamo-calibration-repository.ts";
import {
  partnerRulesAggregate,
  rulesAggregate,
} from "../confidentiality/dynamo-confidentiality-repository.ts";
import { cycleAggregate } from "../cycle/dynamo-cycle-repository.ts";
import { planAggregate } from "../development-plan/dynamo-development-plan-repository.ts";
import { disputeAggregate } from "../dispute/dynamo-dispute-repository.ts";
import type { KeyQuery, Table } from "../dynamo-table/contract.ts";
import type { Item } from "../dynamo-table/item.ts";
import {
  billingAggregate,
  invoiceAggregate,
  subscriptionAggregate,
} from "../edition/subscription-rows.ts";
import { fromItem } from "../entity.ts";
import { figureAggregate } from "../figure/dynamo-figure-repository.ts";
import { goalAggregate } from "../goal/dynamo-goal-repository.ts";
import { importAggregate } from "../import/index-rows.ts";
import { invitationAggregate } from "../invitation/dynamo-invitation-repository.ts";
import type { TenantKeys } from "../keys/index.ts";
import { legalHoldAggregate } from "../legal-hold/dynamo-legal-hold-repository.ts";
import { proposalAggregate } from "../member/dynamo-member-repository.ts";
import { memberAggregate, partnerUserAggregate } from "../member/member-rows.ts";
import { factReportAggregate } from "../opportunity/fact-report-rows.ts";
import { partnerAggregate } from "../partner/dynamo-partner-repository.ts";
import { playbookAggregate } from "../playbook/dynamo-playbook-repository.ts";
import { programAggregate } from "../program/dynamo-program-repository.ts";
import { ratingAggregate } from "../rating/dynamo-rating-repository.ts";
import {
  retentionRulesAggregate,
  retentionRunAggregate,
} from "../retention/dynamo-retention-repository.ts";
import {
  contributionAggregate,
  openingDigestOf,
  reviewAggregate,
  sessionAggregate,
} from "../review/dynamo-review-repository.ts";
import { cardAggregate } from "../scorecard/dynamo-scorecard-repository.ts";
import { connectionAggregate } from "../single-sign-on/dynamo-sso-repository.ts";
import { flagAggregate } from "../source/flag-rows.ts";
import { aliasAggregate, sourceAggregate } from "../source/source-rows.ts";
import { targetSetAggregate } from "../target/target-rows.ts";
import { tenantAggregate } from "../tenant/dynamo-tenant-repository.ts";
import { exportAggregate } from "../tenant-export/dynamo-export-repository.ts";
import { tierAggregate } from "../tier/dynamo-tier-repository.ts";

type List = Omit<KeyQuery, "after" | "limit" | "order">;

/** A kind of row whose changes are events, and where its rows are found. */
interface Audited {
  readonly aggregate: AnyAggregate;
  /** Lists of the tenant that hold it; a row that leads to others names theirs. */
  readonly lists?: readonly List[];
  readonly leadsTo?: (item: Item) => readonly List[];
  /** Version of its first event, where a mass row makes the one before. */
  readonly firstVersion?: number;
  /** Digest of that row, from the one of any version. */
  readonly openingDigest?: (item: Item) => string;
  /** Some of its versions are progress or mass rows and have no event. */
  readonly hasSilentVersions?: true;
  /** Every version is a row of its own, in the order of its sort key. */
  readonly keepsVersions?: true;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of aggregates of different values; each reads its own rows alone
type AnyAggregate = Aggregate<any>;

/**
 * Every aggregate of the tenant but the facts, which are mass rows: their corrections are in the trail,
 * and the manifests of their imports. One that is missing here is not counted by a verification.
 */
export function auditedRows(keys: TenantKeys): readonly Audited[] {
  const inIndex = (pk: string): List => ({ index: "gsi2", pk });
  return [
    {
      aggregate: tenantAggregate(keys),
      lists: [{ pk: keys.tenant().pk, sort: { prefix: keys.tenant().sk } }],
    },
    {
      aggregate: subscriptionAggregate(keys),
      lists: [{ pk: keys.subscription().pk }],
    },
    { aggregate: invoiceAggregate(keys) },
    { aggregate: rulesAggregate(keys), lists: [{ pk: keys.confidentiality().pk }] },
    { aggregate: partnerRulesAggregate(keys) },
    { aggregate: retentionRulesAggregate(keys), lists: [{ pk: keys.retention().pk }] },
    { aggregate: legalHoldAggregate(keys) },
    { aggregate: retentionRunAggregate(keys), hasSilentVersions: true },
    { aggregate: billingAggregate(keys) },
    { aggregate: connectionAggregate(keys), lists: [{ pk: keys.sso().pk }] },
    {
      aggregate: memberAggregate(keys),
      lists: [inIndex(keys.memberList())],
      leadsTo: ({ pk }) => [{ pk: String(pk), sort: { prefix: keys.moderatorProposalSort } }],
    },
    { aggregate: proposalAggregate(keys) },
    { aggregate: invitationAggregate(keys), lists: [inIndex(keys.invitationList(null))] },
    { aggregate: apiKeyAggregate(keys), lists: [inIndex(keys.apiKeyList())] },
    {
      aggregate: partnerAggregate(keys),
      lists: [inIndex(keys.partnerList())],
      leadsTo: (item) => {
        const { partnerId } = fromItem(partnerAggregate(keys), item);
        return [
          inIndex(keys.partnerUserList(partnerId)),
          inIndex(keys.invitationList(partnerId)),
          inIndex(keys.actionItemList(partnerId)),
          inIndex(keys.planList(partnerId)),
          inIndex(keys.goalList(partnerId)),
          { pk: keys.roster(partnerId).pk, sort: { prefix: keys.roster(partnerId).sk } },
          { pk: keys.liveNumbers(partnerId), sort: { prefix: keys.targetSetPrefix } },
          { pk: keys.partner(partnerId).pk, sort: { prefix: keys.tierPrefix } },
          { pk: keys.partner(partnerId).pk, sort: { prefix: keys.cadencePrefix } },
          { pk: keys.factReports(partnerId), sort: { prefix: keys.factReportPrefix } },
          { pk: keys.figures(partnerId), sort: { prefix: keys.figurePrefix } },
          { pk: keys.ratings(partnerId), sort: { prefix: keys.ratingPrefix } },
        ];
      },
    },
    { aggregate: partnerUserAggregate(keys) },
    { aggregate: rosterAggregate(keys) },
    { aggregate: actionItemAggregate(keys) },
    { aggregate: planAggregate(keys) },
    { aggregate: factReportAggregate(keys) },
    { aggregate: figureAggregate(keys) },
    { aggregate: goalAggregate(keys) },
    { aggregate: ratingAggregate(keys) },
    { aggregate: targetSetAggregate(keys) },
    { aggregate: tierAggregate(keys) },
    { aggregate: cadenceAggregate(keys) },
    {
      aggregate: programAggregate(keys),
      lists: [{ pk: keys.programs(), sort: { prefix: keys.programPrefix } }],
      leadsTo: (item) => {
        const { pk, sk } = keys.roster(fromItem(programAggregate(keys), item).programId);
        return [{ pk, sort: { prefix: sk } }];
      },
    },
    {
      aggregate: playbookAggregate(keys),
      lists: [{ pk: keys.playbook().pk, sort: { prefix: keys.playbook().sk } }],
    },
    {
      aggregate: sourceAggregate(keys),
      lists: [inIndex(keys.sourceList())],
      leadsTo: (item) => [{ pk: String(item["pk"]), sort: { prefix: keys.aliasPrefix } }],
    },
    { aggregate: aliasAggregate(keys) },
    {
      aggregate: flagAggregate(keys),
      lists: ["open", "resolved", "waived"].map((status) => inIndex(keys.flagList(status))),
      hasSilentVersions: true,
    },
    {
      aggregate: exportAggregate(keys),
      lists: [{ pk: keys.tenantExports(), sort: { prefix: keys.tenantExportPrefix } }],
      hasSilentVersions: true,
    },
    {
      aggregate: importAggregate(keys),
      lists: [inIndex(keys.importList())],
      hasSilentVersions: true,
    },
    {
      aggregate: cycleAggregate(keys),
      lists: [inIndex(keys.cycleList())],
      leadsTo: (item) => {
        const { cycleId } = fromItem(cycleAggregate(keys), item);
        const { pk, sk } = keys.calibration(cycleId);
        return [inIndex(keys.reviewList(cycleId)), { pk, sort: { prefix: sk } }];
      },
    },
    { aggregate: calibrationAggregate(keys) },
    {
      aggregate: reviewAggregate(keys),
      firstVersion: 2,
      openingDigest: (item) => openingDigestOf(keys, item),
      leadsTo: ({ pk }) =>
        [keys.contributionPrefix, keys.sessionSort, keys.cardPrefix, keys.disputePrefix].map(
          (prefix) => ({
            pk: String(pk),
            sort: { prefix },
          }),
        ),
    },
    { aggregate: contributionAggregate(keys) },
    { aggregate: sessionAggregate(keys) },
    { aggregate: disputeAggregate(keys) },
    { aggregate: cardAggregate(keys), keepsVersions: true },
  ];
}

const ROWS_A_PAGE = 100;

/** Every row that an aggregate is, list by list; read by key, since an index may be late. */
export async function* everyState(table: Table, keys: TenantKeys): AsyncGenerator<AuditedState> {
  const audited = auditedRows(keys);
  const byName = new Map(audited.map((one) => [one.aggregate.name, one]));
  const open: List[] = audited.flatMap(({ lists = [] }) => lists);
  for (let list = open.pop(); list; list = open.pop()) {
    let held: AuditedState | undefined;
    for await (const item of rowsOf(table, list)) {
      const kind = byName.get(String(item["entity"]));
      if (!kind) continue;
      open.push(...(kind.leadsTo?.(item) ?? []));
      const state = stateOf(keys, kind, item);
      if (kind.keepsVersions) {
        if (held) yield { ...held, isLatest: held.object.id !== state.object.id };
        held = state;
      } else {
        yield state;
      }
    }
    if (held) yield held;
  }
}

function stateOf(keys: TenantKeys, kind: Audited, item: Item): AuditedState {
  const { aggregate, firstVersion = 1, hasSilentVersions = false } = kind;
  const value = fromItem<Record<string, unknown>>(aggregate, item);
  return {
    object: {
      type: aggregate.name,
      id: aggregate.id(value),
      version: Number(value["version"] ?? value["revision"]),
    },
    partition: String(item["pk"]).slice(keys.prefix.length),
    stateDigest: stateDigestOf(item, aggregate),
    personal: personalOf(aggregate, value),
    firstVersion,
    ...(kind.openingDigest ? { openingDigest: kind.openingDigest(item) } : {}),
    isEveryVersionEvented: !hasSilentVersions,
    isLatest: true,
  };
}

async function* rowsOf(table: Table, list: List): AsyncGenerator<Item> {
  let after: Item | undefined;
  do {
    const { items, last } = await table.query({
      ...list,
      limit: ROWS_A_PAGE,
      ...(after ? { after } : {}),
    });
    if (list.index && items.length > 0) {
      const found = await table.getAll(
        items.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })),
      );
      yield* found;
    } else {
      yield* items;
    }
    after = last;
  } while (after);
}
