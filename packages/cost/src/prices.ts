/** US$ by list, without free tiers, taxes and discounts. */
export interface Prices {
  readonly writeUnit: number;
  readonly readUnit: number;
  readonly tableGbMonth: number;
  readonly pointInTimeGbMonth: number;
  readonly lambdaRequest: number;
  /** Of a function on arm64. */
  readonly lambdaGbSecond: number;
  readonly apiRequest: number;
  readonly queueRequest: number;
  readonly stateTransition: number;
  readonly scheduleInvocation: number;
  readonly mail: number;
  readonly logGb: number;
  readonly trace: number;
  readonly alarmMonth: number;
  readonly dashboardMonth: number;
  readonly metricMonth: number;
  /** Of a key of our own; each of its first two rotations adds as much. */
  readonly keyMonth: number;
  readonly keyRequest: number;
}

const MILLION = 1_000_000;

/** When the prices were written down. */
export const PRICES_OF = "2026-11-26";

/** On-demand prices of the standard table class; those of Virginia are the ones that the targets of cost were set with. */
export const priceTable = {
  "us-east-1": {
    writeUnit: 0.625 / MILLION,
    readUnit: 0.125 / MILLION,
    tableGbMonth: 0.25,
    pointInTimeGbMonth: 0.2,
    lambdaRequest: 0.2 / MILLION,
    lambdaGbSecond: 0.000_013_333_4,
    apiRequest: 1 / MILLION,
    queueRequest: 0.4 / MILLION,
    stateTransition: 25 / MILLION,
    scheduleInvocation: 1 / MILLION,
    mail: 0.1 / 1000,
    logGb: 0.5,
    trace: 5 / MILLION,
    alarmMonth: 0.1,
    dashboardMonth: 3,
    metricMonth: 0.3,
    keyMonth: 1,
    keyRequest: 0.03 / 10_000,
  },
  "eu-west-1": {
    writeUnit: 0.705_5 / MILLION,
    readUnit: 0.141_1 / MILLION,
    tableGbMonth: 0.283,
    pointInTimeGbMonth: 0.226,
    lambdaRequest: 0.2 / MILLION,
    lambdaGbSecond: 0.000_013_333_4,
    apiRequest: 1.11 / MILLION,
    queueRequest: 0.4 / MILLION,
    stateTransition: 25 / MILLION,
    scheduleInvocation: 1 / MILLION,
    mail: 0.1 / 1000,
    logGb: 0.57,
    trace: 5 / MILLION,
    alarmMonth: 0.1,
    dashboardMonth: 3,
    metricMonth: 0.3,
    keyMonth: 1,
    keyRequest: 0.03 / 10_000,
  },
} as const satisfies Record<string, Prices>;

export type Region = keyof typeof priceTable;

/**
 * Which prices were looked up on that day, and where; all others were taken over from memory: compare them with AWS's pages
 * before relying on an estimate. Two searches of stored pages found none with Ireland's.
 */
export const lookedUp: Readonly<Record<Region, Partial<Record<keyof Prices, string>>>> = {
  "us-east-1": {
    writeUnit: "airbyte.com, DynamoDB pricing",
    readUnit: "airbyte.com, DynamoDB pricing",
    lambdaRequest: "looked up, the page was not kept",
    lambdaGbSecond: "looked up, the page was not kept",
    keyMonth: "gist.github.com/dasgoll, KMS pricing, of 2019",
    keyRequest: "gist.github.com/dasgoll, KMS pricing, of 2019",
  },
  "eu-west-1": {
    keyMonth: "as in Virginia",
    keyRequest: "as in Virginia",
  },
};
