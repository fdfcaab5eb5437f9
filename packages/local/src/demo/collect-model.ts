import { dateAt } from "@concord/core/calendar";
import type { PublishedProgram } from "@concord/core/program";
import type { RankingSummary } from "@concord/core/ranking";
import { collectCard, collectYear } from "./collect-card.ts";
import { collectDistribution, collectRanking } from "./collect-ranking.ts";
import { collectReview } from "./collect-review.ts";
import type { DemoRun } from "./demo-run.ts";
import { QUARTERS, TIME_ZONE } from "./local-time.ts";
import { valueText } from "./report/format.ts";
import type { Labelled, ReportModel } from "./report/model.ts";

/** Everything the report shows, read from the API. */
export async function collectModel(run: DemoRun): Promise<ReportModel> {
  const { vendor, findings, runtime, from } = run;
  const { shown } = findings;
  if (!shown) throw new Error("no partner has been chosen for the report");
  const { programId, published } = vendor.program;
  const { body: program } = await vendor.programManager.api.call<PublishedProgram>(
    `/v1/programs/${programId}/versions/${published?.version}`,
  );
  const bands = program.definition.ratingBands.map(({ name, from }) => ({ label: name, from }));
  return {
    tenant: { name: vendor.name, timeZone: TIME_ZONE, currency: "USD" },
    program: { name: program.definition.name, version: program.version },
    source: from,
    writtenOn: dateAt(runtime.clock.now(), { timeZone: TIME_ZONE }),
    bands,
    headline: await headline(run),
    flags: findings.flags,
    ranking: await collectRanking(run),
    distribution: await collectDistribution(run, bands),
    card: await collectCard(run, shown),
    partnerYear: await collectYear(run, shown),
    reviewPack: await collectReview(run, shown),
  };
}

async function headline({ vendor, data, findings }: DemoRun): Promise<Labelled[]> {
  const summaries = await Promise.all(
    QUARTERS.map(async (quarter) => {
      const path = `/v1/rankings/${quarter}/summary`;
      return (await vendor.programManager.api.call<RankingSummary>(path)).body;
    }),
  );
  const revenue = summaries.reduce((sum, one) => sum + Number(one.revenue?.amount ?? 0), 0);
  const cycles = [...findings.cycles.values()];
  const reviews = cycles.reduce((sum, { partnerCount }) => sum + (partnerCount ?? 0), 0);
  const flagged = findings.flags.reduce((sum, { rows }) => sum + rows, 0);
  const count = (value: number) => value.toLocaleString("en-US");
  return [
    { label: "Partners", value: count(vendor.partners.length) },
    { label: "Opportunities", value: count(data.pipeline.length) },
    { label: "Won in 2017", value: valueText(revenue, "money", "USD") },
    { label: "Reviews in 2017", value: count(reviews) },
    { label: "Data-quality flags", value: count(flagged) },
  ];
}
