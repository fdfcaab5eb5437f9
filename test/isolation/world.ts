import type { PartnerId, TenantId } from "@concord/core/id";
import {
  GLOBEX,
  NOON,
  type TestApi,
  type TestPartnership,
  testPartnership,
} from "@concord/local/testing";
import { feed } from "./feed.ts";
import {
  type Filling,
  fillFigures,
  fillObjections,
  fillPeople,
  fillPlan,
  fillReview,
  fillSource,
  idsOf,
  sendingAs,
} from "./filling.ts";

/** Everything of one partner, with its canary in every text, and the ids that lead to it. */
export interface Side {
  /** Stands in every text of this partner and nowhere else. */
  readonly canary: string;
  readonly partnerId: PartnerId;
  /** Of each kind, such as `act`; the first is the one to try. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  readonly partnership: TestPartnership;
  /** Of a person with the role partner-exec. */
  readonly partnerToken: string;
}

export interface FilledTenant {
  readonly tenantId: TenantId;
  readonly adminToken: string;
  readonly sides: readonly [Side, Side];
}

/** A tenant with two partners, filled through the API where a person could, and as the feeds do. */
export async function fillTenant(
  api: TestApi,
  tenantId: TenantId,
  canaries: readonly [string, string],
): Promise<FilledTenant> {
  const { token: adminToken, member } = await api.member(tenantId, "owner", "admin");
  const fill = (canary: string) => fillSide(api, tenantId, adminToken, member.memberId, canary);
  const sides = [await fill(canaries[0]), await fill(canaries[1])] as const;
  const hold = await holdAll(api, tenantId, adminToken, sides);
  await publishPlaybook(api, tenantId, adminToken, canaries[0]);
  const begun = await api.request("/v1/exports", { method: "POST", token: adminToken });
  const { exportId } = (await begun.json()) as { exportId: string };
  const withExport = (side: Side): Side => ({
    ...side,
    ids: new Map([...side.ids, ["exp", [exportId]], ["hld", [hold]]]),
  });
  return { tenantId, adminToken, sides: [withExport(sides[0]), withExport(sides[1])] };
}

/** Partners all read it, so that it names none of them. */
async function publishPlaybook(api: TestApi, tenantId: TenantId, token: string, canary: string) {
  const text = tenantId === GLOBEX ? canary : "of the tenant";
  const page = { slug: "how-to-prepare", chapter: "Sessions", title: text, text };
  const draft = { pages: [page], steps: { session: [page.slug] } };
  const write = (method: string, path: string, body: unknown, version: number) =>
    api.request(`/v1/playbook/${path}`, { method, token, body, version });
  await write("PUT", "draft", draft, 0);
  await write("POST", "publish", { note: text }, 1);
}

/** A legal hold with both canaries in its reason, rules of retention and what they removed on a day. */
async function holdAll(
  api: TestApi,
  tenantId: TenantId,
  token: string,
  sides: readonly Side[],
): Promise<string> {
  const reason = sides.map(({ canary }) => canary).join(" against ");
  const { partnerId } = sides[0] as Side;
  const placed = await api.request("/v1/legal-holds", { token, body: { partnerId, reason } });
  const { holdId } = (await placed.json()) as { holdId: string };
  await api.request("/v1/retention", {
    ...{ method: "PUT", token, body: { days: { contribution: 365 } } },
    headers: { "If-Match": '"0"' },
  });
  const { store } = api.store.asSystem(tenantId);
  await store.retention.saveProgress({
    ...{
      day: "2027-01-15",
      rulesVersion: 1,
      startedAt: NOON.toISOString(),
      finishedAt: null,
      outcomes: [],
    },
    ...{ expiredRows: 0, position: null, clearedUpTo: {}, version: 1 },
  });
  return holdId;
}

async function fillSide(
  api: TestApi,
  tenantId: TenantId,
  adminToken: string,
  adminId: string,
  canary: string,
): Promise<Side> {
  const partnership = await partnershipOf(api, tenantId, canary);
  const { partnerId } = partnership.partner;
  const { token: partnerToken } = await api.partnerUser(tenantId, partnerId, "partner-exec");
  const filling: Filling = {
    ...{ adminId, canary, partnerId, partnership, partnerToken },
    ...sendingAs(adminToken, api),
    text: (what) => `${what} ${canary}`,
  };
  await fillPeople(filling);
  const session = await fillReview(filling);
  await fillPlan(filling);
  await fillObjections(filling);
  const { sourceId, importId } = await fillSource(filling);
  await feed(api, tenantId, filling, { sourceId, importId });
  await fillFigures(filling);
  const ids = await idsOf(filling, { tenantId, sourceId, session });
  return { canary, partnerId, ids, partnership, partnerToken };
}

async function partnershipOf(
  api: TestApi,
  tenantId: TenantId,
  canary: string,
): Promise<TestPartnership> {
  // Programs are of the tenant: its partners all read them.
  const programText = tenantId === GLOBEX ? canary : "of the tenant";
  const lowest = { minimumScore: null, minimumRatingId: null, minimumPeriods: 0 };
  return testPartnership(api.store, tenantId, {
    name: canary,
    figureMeasures: [
      {
        measure: "csat_percent",
        name: `figure ${programText}`,
        unit: "percent",
        aggregation: "mean",
        suppliedBy: "partner",
        frequency: "monthly",
        source: `survey ${programText}`,
        ownerRole: "data-steward",
      },
    ],
    definition: {
      tiers: [
        { ...lowest, tierId: "member", name: `member ${programText}` },
        { ...lowest, tierId: "gold", name: `gold ${programText}`, minimumScore: 60 },
      ],
      indicators: [
        {
          indicatorId: "collaborate",
          name: `indicator ${programText}`,
          // The same in every program of a tenant: people rate once for all.
          anchors: ["never", "seldom", "often", "mostly", "always"],
          raters: ["vendor", "partner"],
          minimumRaters: 1,
          layer: "behaviour",
          namesRaters: false,
        },
      ],
    },
  });
}
