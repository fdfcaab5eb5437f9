import type { ExplainedMetric, RankingEntry, ReportModel } from "./model.ts";

/** A made-up model with every case the pages have to show; 30 ranked partners, 5 apart. */
export const fixture: ReportModel = {
  tenant: { name: "Tern & Wren Hardware", timeZone: "America/Chicago", currency: "USD" },
  program: { name: "Reseller reviews", version: 1 },
  source: "the generated sample",
  writtenOn: "2018-02-14",
  bands: [
    { label: "At risk", from: 0 },
    { label: "Developing", from: 40 },
    { label: "Solid", from: 60 },
    { label: "Outstanding", from: 80 },
  ],
  headline: [
    { label: "Partners", value: "35" },
    { label: "Opportunities", value: "9,027" },
    { label: "Won in 2017", value: "USD 9,876,543" },
    { label: "Reviews closed", value: "140" },
    { label: "Rows with a flag", value: "3,380" },
  ],
  flags: [
    {
      defect: "product-unknown",
      rows: 1576,
      resolution: "one alias, TernPro to Tern Pro, resolved all of them",
    },
    { defect: "account-missing", rows: 1425, resolution: "open; the rows count all the same" },
    {
      defect: "engage-date-missing",
      rows: 488,
      resolution: "open; not yet in any pipeline figure",
    },
  ],
  ranking: {
    period: "2017-Q4",
    trendPeriods: ["2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4"],
    entries: Array.from({ length: 30 }, (_, index) => entry(index)),
    insufficient: ["Eskgate", "Larkfern", "Quarleston", "Umberfold", "Jessamine"].map((name) => ({
      partner: `${name} Systems`,
      region: "Seaboard",
      partnerManager: "Séverin Aaltokoski",
      coveragePercent: 15,
      reason: "no deal was closed in the quarter",
    })),
  },
  distribution: [
    { period: "2017-Q1", partners: [9, 11, 7, 2], insufficient: 6 },
    { period: "2017-Q2", partners: [6, 12, 9, 3], insufficient: 5 },
    { period: "2017-Q3", partners: [4, 10, 12, 4], insufficient: 5 },
    { period: "2017-Q4", partners: [5, 9, 13, 3], insufficient: 5 },
  ],
  card: {
    partner: "Foxglove & Tarn Computing",
    period: "2017-Q4",
    score: 68.0086,
    rating: "Solid",
    coveragePercent: 90,
    minimumCoveragePercent: 60,
    metrics: metrics(),
    layers: [
      { label: "Results", score: 71.2, coveragePercent: 100 },
      { label: "Behaviour", score: 88.5, coveragePercent: 100 },
      { label: "Development", score: null, coveragePercent: 0 },
    ],
    indicators: [
      { label: "Leading", score: 82.4, coveragePercent: 75 },
      { label: "Lagging", score: 74.1, coveragePercent: 100 },
    ],
    nextRating: {
      rating: "Outstanding",
      from: 80,
      pointsMissing: 11.9914,
      cheapest: { metric: "Win rate", unit: "percent", from: 61.1765, to: 74.7 },
    },
    moves: [
      { metric: "Revenue won", points: 3.2, why: "measure" },
      { metric: "Sales cycle", points: -1.4, why: "measure" },
      { metric: "Pipeline created", points: 0.9, why: "target lowered from 70 to 60" },
    ],
    digest: "sha256:4f6f0c2a9be1d7c85a33e0147f2b6d90c1e8a7b5d4f3029187ab6c5d4e3f2a10",
  },
  partnerYear: {
    partner: "Foxglove & Tarn Computing",
    quarters: [48.2, 61, 74.4, 68.0086].map((score, index) => ({
      period: `2017-Q${index + 1}`,
      score: index === 0 ? null : score,
      rating: index === 0 ? null : "Solid",
      coveragePercent: index === 0 ? 40 : 90,
      measures: [
        { name: "Revenue won", unit: "money", value: 120_345 + 1000 * index },
        { name: "Win rate", unit: "percent", value: index === 0 ? null : 61.5385 },
        { name: "Sales cycle", unit: "days", value: 48.0104 },
      ],
    })),
  },
  reviewPack: {
    partner: "Foxglove & Tarn Computing",
    period: "2017-Q4",
    status: "closed",
    wins: [
      "Two rack refreshes won against the incumbent, both with services attached",
      "Certified a third engineer",
    ],
    lessons: ["Quotes above USD 20,000 need the deal review before they go out, not after"],
    needs: ["Demo units for the spring campaign", "A named contact for export licences"],
    comments: [
      {
        author: "Wendell Okonjo-Reyes",
        on: "2018-01-19",
        text: "Pipeline discipline is visibly better than in the summer; the cycle on long deals is what remains. <b>Not bold</b>",
      },
    ],
    session: {
      on: "2018-01-24",
      agenda: [
        {
          topic: "Quarter in figures",
          owner: "Wendell Okonjo-Reyes",
          dueOn: "2018-01-24",
          outcome: "Figures accepted; two facts were corrected before the freeze",
        },
        {
          topic: "Cycle of long deals",
          owner: "Marit Solheim",
          dueOn: "2018-02-28",
          outcome: "Joint call in week two of each deal above USD 5,000",
        },
      ],
    },
    actionItems: [
      {
        text: "Send the list of deals older than 90 days",
        owner: "Marit Solheim",
        side: "partner",
        dueOn: "2018-02-02",
        state: "done",
        carriedOverFrom: "2017-Q3",
      },
      {
        text: "Reserve four demo units",
        owner: "Wendell Okonjo-Reyes",
        side: "vendor",
        dueOn: "2018-02-09",
        state: "late",
        carriedOverFrom: null,
      },
      {
        text: "Joint call plan for the spring",
        owner: "Marit Solheim",
        side: "partner",
        dueOn: "2018-03-15",
        state: "open",
        carriedOverFrom: null,
      },
    ],
    signatures: [
      {
        side: "vendor",
        name: "Wendell Okonjo-Reyes",
        on: "2018-01-29",
        revision: 3,
        reservation: null,
      },
      {
        side: "partner",
        name: "Marit Solheim",
        on: "2018-01-30",
        revision: 3,
        reservation: "The cycle counts two deals that waited for our customer's own approval.",
      },
    ],
    developmentPlan: {
      title: "Shorter cycles on long deals",
      state: "approved",
      budget: 25_000,
      activities: [
        {
          activity: "Joint qualification call within two weeks",
          metric: "Sales cycle",
          unit: "days",
          baseline: 58.2,
          target: 45,
          milestones: [
            { name: "First ten deals", dueOn: "2018-03-15" },
            { name: "All new deals", dueOn: "2018-05-31" },
          ],
        },
        {
          activity: "Price training for the sales team",
          metric: "Discount discipline",
          unit: "percent",
          baseline: null,
          target: 90,
          milestones: [{ name: "Training held", dueOn: "2018-04-20" }],
        },
      ],
      steps: [
        { on: "2018-01-30", kind: "drafted", by: "Wendell Okonjo-Reyes", note: null },
        { on: "2018-02-01", kind: "accepted", by: "Marit Solheim", note: null },
        { on: "2018-02-01", kind: "submitted", by: "Wendell Okonjo-Reyes", note: null },
        {
          on: "2018-02-05",
          kind: "returned",
          by: "Imke Vandervoort",
          note: "Milestones need dates before the half-year ends.",
        },
        { on: "2018-02-07", kind: "submitted", by: "Wendell Okonjo-Reyes", note: "revision 2" },
        { on: "2018-02-08", kind: "approved", by: "Imke Vandervoort", note: "partner manager" },
        { on: "2018-02-12", kind: "approved", by: "Pilar Osterhagen", note: "executive sponsor" },
      ],
    },
  },
};

function entry(index: number): RankingEntry {
  const score =
    new Map([
      [0, 88.4],
      [3, 79.96],
      [9, 68.0086],
    ]).get(index) ?? 87 - 2.1 * index;
  const rating =
    score >= 80 ? "Outstanding" : score >= 60 ? "Solid" : score >= 40 ? "Developing" : "At risk";
  return {
    rank: index + 1,
    peers: { rank: Math.floor(index / 3) + 1, of: 10 },
    partner: partnerAt(index),
    region: ["Lakeside", "Seaboard", "Highland"][index % 3] ?? "",
    partnerManager: "Tobiah Marchetti-Lund",
    score,
    rating,
    coveragePercent: 90,
    trend: [
      index % 7 === 0 ? null : score - 12 + (index % 5) * 4,
      score + 6 - (index % 4) * 4,
      index === 9 ? score : score - 6 + (index % 6) * 3,
      score,
    ],
  };
}

function partnerAt(index: number): string {
  return index === 9 ? "Foxglove & Tarn Computing" : `Partner number ${index + 1} Technology`;
}

function metrics(): ExplainedMetric[] {
  const results = { layer: "results", indicator: "lagging" } as const;
  const behaviour = { layer: "behaviour", indicator: "leading" } as const;
  return [
    {
      ...results,
      name: "Revenue won",
      unit: "money",
      inputs: [
        { label: "won", value: 52, unit: "count" },
        { label: "sum of amounts", value: 373_218, unit: "money" },
      ],
      measure: 373_218,
      scale: { floor: 20_000, target: 150_000 },
      score: 100,
      weightPercent: 25,
      contribution: 27.7778,
      pointsLost: 0,
    },
    {
      ...results,
      name: "Win rate",
      unit: "percent",
      inputs: [
        { label: "won", value: 52, unit: "count" },
        { label: "lost", value: 33, unit: "count" },
      ],
      measure: 61.1765,
      scale: { floor: 45, target: 70 },
      score: 64.706,
      weightPercent: 20,
      contribution: 14.3791,
      pointsLost: 7.8431,
    },
    {
      ...results,
      name: "Sales cycle",
      unit: "days",
      inputs: [
        { label: "days", value: 3026, unit: "count" },
        { label: "won with both dates", value: 52, unit: "count" },
      ],
      measure: 58.1923,
      scale: { floor: 70, target: 40 },
      score: 39.359,
      weightPercent: 15,
      contribution: 6.5598,
      pointsLost: 10.1068,
    },
    {
      ...behaviour,
      name: "Pipeline velocity",
      unit: "money-per-day",
      inputs: [
        { label: "open", value: 61, unit: "count" },
        { label: "average deal", value: 2345, unit: "money" },
      ],
      measure: 120,
      scale: { floor: 500, target: 2500 },
      score: 0,
      weightPercent: 10,
      contribution: 0,
      pointsLost: 11.1111,
    },
    {
      ...behaviour,
      name: "Discount discipline",
      unit: "percent",
      inputs: [
        { label: "within 10 %", value: 47, unit: "count" },
        { label: "won with a list price", value: 52, unit: "count" },
      ],
      measure: 90.3846,
      scale: { floor: 60, target: 95 },
      score: 86.813,
      weightPercent: 20,
      contribution: 19.2918,
      pointsLost: 2.9304,
    },
    {
      layer: "development",
      indicator: "leading",
      name: "Trainings completed",
      unit: "percent",
      inputs: [],
      measure: null,
      scale: { floor: 0, target: 100 },
      score: null,
      weightPercent: 10,
      contribution: 0,
      pointsLost: 0,
      note: "none was due",
    },
  ];
}
