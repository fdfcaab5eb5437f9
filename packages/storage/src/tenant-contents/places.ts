import {
  ActionItemId,
  ApiKeyId,
  CycleId,
  FlagId,
  GoalId,
  type IdSchema,
  ImportId,
  InvitationId,
  MemberId,
  PartnerId,
  PartnerUserId,
  PlanId,
  ProgramId,
  SourceId,
} from "@concord/core/id";
import { partnerNameKey } from "@concord/core/partner";
import type { Item } from "../dynamo-table/item.ts";
import type { TenantKeys } from "../keys/index.ts";
import type { tableDefinition } from "../table.ts";

/** A partition of the table, or of an index, that may hold rows of the tenant. */
export interface Place {
  readonly pk: string;
  readonly index?: keyof typeof tableDefinition.indexes;
  /** Leads nowhere else, so that nobody has to read it to find the rest. */
  readonly isLeaf?: true;
}

const list = (pk: string): Place => ({ pk, index: "gsi2" });
const leaf = (pk: string): Place => ({ pk, isLeaf: true });

/** Leads to the days on which somebody read something confidential. */
const readsBy = (actorId: string, keys: TenantKeys): Place => ({
  pk: keys.readsByActor(actorId),
  index: "gsi1",
});

/** Where every tenant has something, and the lists that lead on. */
export const firstPlaces = (keys: TenantKeys): readonly Place[] => [
  { pk: keys.tenant().pk },
  { pk: keys.signUp().pk },
  { pk: keys.programs() },
  leaf(keys.playbook().pk),
  leaf(keys.usage().pk),
  leaf(keys.tenantExports()),
  ...keys.idempotencyShards().map(leaf),
  ...keys.sentMailShards().map(leaf),
  ...keys.ssoLoginShards().map(leaf),
  { pk: keys.sso().pk },
  { pk: keys.confidentiality().pk },
  { pk: keys.retention().pk },
  { pk: keys.auditLink(0).pk },
  list(keys.memberList()),
  list(keys.partnerList()),
  list(keys.cycleList()),
  list(keys.sourceList()),
  list(keys.importList()),
  list(keys.apiKeyList()),
  list(keys.invitationList(null)),
  list(keys.pendingInvitations()),
  list(keys.waitingPlanList()),
  list(keys.waitingTargetList()),
  ...["open", "resolved", "waived"].map((status) => list(keys.flagList(status))),
];

type PlacesOf = (id: string, keys: TenantKeys) => readonly Place[];

const placesOf = <S extends IdSchema>(
  kind: S,
  places: (id: ReturnType<S["parse"]>, keys: TenantKeys) => readonly Place[],
): readonly [string, PlacesOf] => [
  kind.prefix,
  (id, keys) => places(kind.parse(id) as ReturnType<S["parse"]>, keys),
];

/** Where something lies that belongs to an object of this kind, for each kind that has places of its own. */
const ofId: ReadonlyMap<string, PlacesOf> = new Map([
  placesOf(PartnerId, (id, keys) => [
    { pk: keys.partner(id).pk },
    leaf(keys.rollupMonth(id, "").pk),
    leaf(keys.factPartition(id)),
    { pk: keys.factReports(id) },
    { pk: keys.figures(id) },
    { pk: keys.ratings(id) },
    list(keys.partnerUserList(id)),
    list(keys.invitationList(id)),
    list(keys.actionItemList(id)),
    list(keys.planList(id)),
    list(keys.goalList(id)),
    { pk: keys.roster(id).pk },
  ]),
  placesOf(ProgramId, (id, keys) => [{ pk: keys.roster(id).pk }]),
  placesOf(CycleId, (id, keys) => [{ pk: keys.cycle(id).pk }, list(keys.reviewList(id))]),
  placesOf(MemberId, (id, keys) => [
    { pk: keys.membership(id).pk },
    readsBy(id, keys),
    leaf(keys.rateBucket(id, "").pk),
    leaf(keys.personSalt(id).pk),
  ]),
  placesOf(PartnerUserId, (id, keys) => [
    { pk: keys.membership(id).pk },
    readsBy(id, keys),
    leaf(keys.rateBucket(id, "").pk),
    leaf(keys.personSalt(id).pk),
  ]),
  placesOf(ActionItemId, (id, keys) => [{ pk: keys.actionItem(id).pk }]),
  placesOf(GoalId, (id, keys) => [{ pk: keys.goal(id).pk }]),
  placesOf(PlanId, (id, keys) => [{ pk: keys.plan(id).pk }]),
  placesOf(SourceId, (id, keys) => [{ pk: keys.source(id).pk }]),
  placesOf(ImportId, (id, keys) => [{ pk: keys.import(id).pk }]),
  placesOf(FlagId, (id, keys) => [{ pk: keys.flag(id).pk }]),
  placesOf(InvitationId, (id, keys) => [
    { pk: keys.invitation(id).pk },
    leaf(keys.personSalt(id).pk),
  ]),
  placesOf(ApiKeyId, (id, keys) => [
    { pk: keys.apiKey(id).pk },
    readsBy(id, keys),
    leaf(keys.rateBucket(id, "").pk),
  ]),
]);

const ID = /([a-z]{3,4})_[0-9A-HJKMNP-TV-Z]{26}/g;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const QUARTER = /^\d{4}-Q[1-4]$/;

/** Every place that a row leads to: where it lies and is listed, and what its ids and names name. */
export function placesFrom(row: Item, keys: TenantKeys): readonly Place[] {
  const places: Place[] = [{ pk: String(row["pk"]) }];
  if (typeof row["gsi1pk"] === "string") places.push({ pk: row["gsi1pk"], index: "gsi1" });
  if (typeof row["gsi2pk"] === "string") places.push(list(row["gsi2pk"]));
  const { at, day, entity, email, name, period, linkId } = row;
  // The trail of a change lies under its day, whatever links it later.
  for (const date of [day, typeof at === "string" ? at.slice(0, 10) : undefined]) {
    if (typeof date === "string" && DATE.test(date)) places.push(leaf(keys.auditDay(date)));
  }
  if (entity === "Invitation") places.push(leaf(keys.invitedAddress(String(email))));
  if (entity === "SsoLinkOfMember") places.push(leaf(keys.ssoLinkPartition(String(linkId))));
  if (entity === "Partner") places.push(leaf(keys.partnerName(partnerNameKey(String(name))).pk));
  if (typeof period === "string" && QUARTER.test(period)) {
    places.push(leaf(keys.rankingSummary(period)));
  }
  for (const [id, prefix = ""] of JSON.stringify(row).matchAll(ID)) {
    places.push(...(ofId.get(prefix)?.(id, keys) ?? []));
  }
  return places;
}
