import { type BackTestedPartner, tally } from "@concord/core/back-test";
import type { Program, ProgramChanges } from "@concord/core/program";
import type { DemoEvent, DemoRun } from "./demo-run.ts";
import { at } from "./local-time.ts";
import { signedText } from "./report/format.ts";

/** The last quarters of the export, over which a change is tried before anybody is reviewed by it. */
const [FROM, TO] = ["2017-Q2", "2017-Q4"];

/** What the program manager has in mind for the new year: winning counts more, selling much counts less. */
const WEIGHTS: Readonly<Record<string, number>> = { "win-rate": 25, "revenue-won": 10 };

/** The program manager drafts another version, reads what it would change, and tries it on the past year. */
export function programEvents(run: DemoRun): DemoEvent[] {
  return [{ at: at("2018-01-25", "10:00"), run: () => backTestDraft(run) }];
}

async function backTestDraft({ vendor, say, checks }: DemoRun): Promise<void> {
  const { api } = vendor.programManager;
  const path = `/v1/programs/${vendor.program.programId}`;
  const head = await api.call<Program>(path);
  const metrics = head.body.draft.metrics.map((metric) => ({
    ...metric,
    weightPercent: WEIGHTS[metric.metricId] ?? metric.weightPercent,
  }));
  await api.call(`${path}/draft`, { method: "PATCH", body: { metrics }, ifMatch: head.etag });
  const { changes } = (await api.call<ProgramChanges>(`${path}/draft/changes`)).body;
  say.step(`${vendor.programManager.name} drafts a new version; it would change:`);
  for (const { text } of changes) say.detail(text);
  checks.expect(
    "the changes of a draft are told, each weight in words",
    changes.length === Object.keys(WEIGHTS).length,
    changes,
  );

  const tested = await api.list<BackTestedPartner>(`${path}/back-test?from=${FROM}&to=${TO}`);
  say.step(`Tried on ${tested.length} partners, ${FROM} to ${TO}:`);
  for (const { period, partners, ratings, meanChange, greatestRise, greatestFall } of tally(
    tested,
  )) {
    const { same, up, down } = ratings;
    say.detail(
      `${period}: ${up} rise, ${down} fall, ${same} stay, ${partners - up - down - same} without a rating on one side or both; ` +
        `score ${meanChange === null ? "–" : signedText(meanChange)} on average` +
        (greatestRise
          ? `; most for ${greatestRise.name} (${signedText(greatestRise.change)})`
          : "") +
        (greatestFall
          ? `; least for ${greatestFall.name} (${signedText(greatestFall.change)})`
          : ""),
    );
  }
  const periods = tested.flatMap((one) => one.periods);
  const unexplained = periods.filter(({ change, moves }) => {
    const points = moves.reduce(
      (sum, one) => sum + one.fromMeasure + one.fromTarget + one.fromWeight + one.fromCoverage,
      0,
    );
    return change !== null && Math.abs(change - points) > 1e-9;
  });
  checks.expect(
    "every change of a back-test is the sum of what its metrics moved",
    periods.length > 0 && unexplained.length === 0,
    unexplained,
  );
}
