import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BackTestedPartner } from "@concord/core/back-test";
import type { Cycle } from "@concord/core/cycle";
import type { Dispute } from "@concord/core/dispute";
import type { Program, ProgramChanges } from "@concord/core/program";
import type { Explanation, FrozenCard, Replay } from "@concord/core/scorecard";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CrmExport, PipelineRow } from "../../packages/local/src/demo/crm-export.ts";
import { pipelineCsv } from "../../packages/local/src/demo/feed.ts";
import { importFile } from "../../packages/local/src/demo/import-file.ts";
import { at } from "../../packages/local/src/demo/local-time.ts";
import {
  type DemoPartner,
  type OtherVendor,
  setUpOtherVendor,
  setUpVendor,
  type Vendor,
} from "../../packages/local/src/demo/set-up.ts";
import { type LocalRuntime, startRuntime } from "../../packages/local/src/runtime/start-runtime.ts";

const PRICE = 4_000;
const DEALS = 20;

/** Twenty deals of a partner in January, each at the list price and closed after thirty days; the first of them won. */
const dealsOf = (partner: string, won: number): PipelineRow[] =>
  Array.from({ length: DEALS }, (_, at) => {
    const day = String(at + 5).padStart(2, "0");
    const closed = new Date(Date.UTC(2017, 0, at + 35)).toISOString().slice(0, 10);
    const isWon = at < won;
    return {
      opportunity_id: `${partner}-${at + 1}`,
      sales_agent: partner,
      product: "Board",
      account: `Account ${at + 1}`,
      deal_stage: isWon ? "Won" : "Lost",
      engage_date: `2017-01-${day}`,
      close_date: closed,
      close_value: isWon ? String(PRICE) : "0",
    };
  });

const crm: CrmExport = {
  teams: ["Northwind", "Wingtip"].map((sales_agent) => ({
    sales_agent,
    manager: "Mara Manager",
    regional_office: "West",
  })),
  products: [{ product: "Board", series: "B", sales_price: String(PRICE) }],
  pipeline: [...dealsOf("Northwind", 12), ...dealsOf("Wingtip", 15)],
  accounts: [],
};

/**
 * By hand, after the reseller template: deal size, cycle time, discounts and prices score 100 and weigh 50; created and
 * open pipeline score 0. What is left is revenue (20,000 to 120,000) and the win rate (45 to 75 %).
 */
const score = (won: number, weights: { readonly revenue: number; readonly winRate: number }) => {
  const revenue = (won * PRICE - 20_000) / 1_000;
  const winRate = (((100 * won) / DEALS - 45) / 30) * 100;
  const total = (weights.revenue * revenue + weights.winRate * winRate) / 100 + 50;
  return Number(total.toFixed(4));
};
const BEFORE = { revenue: 20, winRate: 15 };
const AFTER = { revenue: 10, winRate: 25 };

/** A program manager changes the program in the open, and a partner gets a wrong figure put right. */
describe("a framework that both sides can trust", () => {
  let folder: string;
  let runtime: LocalRuntime;
  let vendor: Vendor;
  let stranger: OtherVendor;
  let northwind: DemoPartner;
  let programPath: string;

  const named = (name: string): DemoPartner => {
    const found = vendor.partners.find(({ partner }) => partner.name === name);
    if (!found) throw new Error(`${name} is no partner`);
    return found;
  };
  const moveTo = async (on: string) => {
    runtime.clock.set(at(on, "09:00"));
    await runtime.settle();
  };
  const cycleOf = async (period: string): Promise<Cycle> => {
    const cycles = await vendor.programManager.api.list<Cycle>("/v1/review-cycles");
    const found = cycles.find((one) => one.period === period);
    if (!found) throw new Error(`no cycle of ${period}`);
    return found;
  };
  const cardPath = async (period: string, { partner }: DemoPartner) =>
    `/v1/review-cycles/${(await cycleOf(period)).cycleId}/scorecards/${partner.partnerId}`;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "concord-framework-"));
    runtime = await startRuntime({ folder, background: false, startAt: at("2016-12-20", "09:00") });
    vendor = await setUpVendor(runtime, crm);
    stranger = await setUpOtherVendor(runtime);
    northwind = named("Northwind");
    programPath = `/v1/programs/${vendor.program.programId}`;
    await moveTo("2017-04-02");
    const text = pipelineCsv(crm.pipeline);
    await importFile(runtime, vendor, { name: "crm.csv", text });
    await moveTo("2017-04-08");
  }, 120_000);
  afterAll(async () => {
    await runtime?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("G-02 lets the program manager draft, read the change in words, try it on the past and publish it; cycles under way keep theirs", async () => {
    const { api } = vendor.programManager;
    const head = await api.call<Program>(programPath);
    const weights: Record<string, number> = { "revenue-won": 10, "win-rate": 25 };
    const metrics = head.body.draft.metrics.map((metric) => ({
      ...metric,
      weightPercent: weights[metric.metricId] ?? metric.weightPercent,
    }));
    const draft = await api.call<Program>(`${programPath}/draft`, {
      method: "PATCH",
      body: { metrics },
      ifMatch: head.etag,
    });
    const { changes } = (await api.call<ProgramChanges>(`${programPath}/draft/changes`)).body;
    expect(changes.map(({ text }) => text)).toEqual([
      "The weight of Revenue won falls from 20 % to 10 %",
      "The weight of Win rate rises from 15 % to 25 %",
    ]);

    const tested = await api.list<BackTestedPartner>(
      `${programPath}/back-test?from=2017-Q1&to=2017-Q1`,
    );
    expect(
      tested.map(({ name, periods }) => [
        name,
        ...periods.map(({ baseline, candidate }) => [baseline.score, candidate.score]),
      ]),
    ).toEqual([
      ["Northwind", [score(12, BEFORE), score(12, AFTER)]],
      ["Wingtip", [score(15, BEFORE), score(15, AFTER)]],
    ]);
    const foreign = await stranger.owner.send(`${programPath}/back-test?from=2017-Q1&to=2017-Q1`);
    expect(foreign.status).toBe(404);

    await api.call(`${programPath}/publish`, {
      body: { effectiveFrom: "2017-Q3" },
      ifMatch: draft.etag,
    });
    await runtime.settle();
    const versions = async (period: string) => (await cycleOf(period)).programVersion;
    expect([await versions("2017-Q1"), await versions("2017-Q2")]).toEqual([1, 1]);
    const { body: card } = await northwind.executive.api.call<FrozenCard>(
      await cardPath("2017-Q1", northwind),
    );
    expect([card.programVersion, card.score]).toEqual([1, score(12, BEFORE)]);
  });

  it("G-04 lets the partner open the explanation, dispute a metric with evidence, and see the new revision beside the old one", async () => {
    const partner = northwind.executive.api;
    const path = await cardPath("2017-Q1", northwind);
    const { body: first } = await partner.call<FrozenCard & { explanation?: Explanation }>(
      `${path}?explain=true`,
    );
    const told = first.explanation?.metrics.find(({ metricId }) => metricId === "win-rate");
    expect(told?.inputs.map(({ name, value }) => [name, value])).toEqual([
      ["wonCount", 12],
      ["lostCount", 8],
    ]);
    expect(told?.steps.join("\n")).toContain("= 60 %");

    const deals = await partner.list<{ opportunityId: string; externalId: string }>(
      `/v1/partners/${northwind.partner.partnerId}/opportunities`,
    );
    const wrong = deals.find(({ externalId }) => externalId === "Northwind-13");
    const filed = await partner.call<Dispute>(`${path}/disputes`, {
      body: {
        about: "score",
        metricId: "win-rate",
        scorecardRevision: first.revision,
        reason: "Deal Northwind-13 was won, not lost",
        evidence: {
          text: "The order was signed on the day the CRM closed it",
          links: ["https://northwind.example/orders/13"],
          opportunityIds: [wrong?.opportunityId],
        },
      },
    });
    expect(filed.body).toMatchObject({ status: "open", dueOn: "2017-04-18" });
    const disputePath = `${path}/disputes/${filed.body.disputeId}`;
    const other = await named("Wingtip").executive.api.send(disputePath);
    expect([other.status, (await stranger.owner.send(disputePath)).status]).toEqual([404, 404]);

    const fact = `/v1/partners/${northwind.partner.partnerId}/opportunities/${wrong?.opportunityId}`;
    const { etag } = await vendor.dataSteward.api.call(fact);
    await vendor.dataSteward.api.call(`${fact}/correct`, {
      body: {
        reason: "The signed order says so",
        fields: { stage: "Won", amount: `${PRICE}.00` },
      },
      ifMatch: etag,
    });
    const decision = {
      outcome: "upheld",
      answer: "The order is signed; the feed was wrong",
      remedy: { kind: "recalculated" },
    };
    const byFiler = await partner.send(`${disputePath}/decide`, {
      body: decision,
      ifMatch: filed.etag,
    });
    expect(byFiler.status).toBe(403);
    const decided = await vendor.programManager.api.call<Dispute>(`${disputePath}/decide`, {
      body: decision,
      ifMatch: filed.etag,
    });
    expect(decided.body).toMatchObject({ status: "upheld", resultingRevision: 2 });

    const { body: second } = await partner.call<FrozenCard>(path);
    expect([second.revision, second.score]).toEqual([2, score(13, BEFORE)]);
    const { body: old } = await partner.call<FrozenCard>(`${path}?revision=1`);
    expect([old.revision, old.score]).toEqual([1, score(12, BEFORE)]);
    for (const revision of [1, 2]) {
      const { body } = await partner.call<Replay>(`${path}/replay?revision=${revision}`);
      expect([revision, body.isIdentical]).toEqual([revision, true]);
    }
    const { body: untouched } = await vendor.programManager.api.call<FrozenCard>(
      await cardPath("2017-Q1", named("Wingtip")),
    );
    expect([untouched.revision, untouched.score]).toEqual([1, score(15, BEFORE)]);
  });

  it("S-03 reviews by the new version from the quarter on for which it was published", async () => {
    await moveTo("2017-07-02");
    expect((await cycleOf("2017-Q3")).programVersion).toBe(2);
    expect((await cycleOf("2017-Q2")).programVersion).toBe(1);
    expect(await stranger.owner.list<Cycle>("/v1/review-cycles")).toEqual([]);
  });
});
