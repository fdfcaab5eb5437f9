import { text } from "node:stream/consumers";

export type Invocation = {
  bundle: string;
  handler: string;
  environment: Record<string, string>;
  event: unknown;
  /** Milliseconds since the epoch, at which it is called. */
  now: number;
};

/** Calls a handler of standard input's bundle as Lambda does, and writes its answer, or the name of its error, as the last line. */
const { bundle, handler, environment, event, now }: Invocation = JSON.parse(
  await text(process.stdin),
);
process.env = { ...environment, PATH: process.env["PATH"] };
const aside = now - Date.now();
const RealDate = Date;
/** Runs on from the given instant. */
class ShiftedDate extends RealDate {
  constructor(...given: [] | [string | number | Date]) {
    if (given.length === 0) super(RealDate.now() + aside);
    else super(...given);
  }
  static override now(): number {
    return RealDate.now() + aside;
  }
}
globalThis.Date = ShiftedDate as DateConstructor;
const loaded = await import(bundle);
const context = {
  awsRequestId: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
  getRemainingTimeInMillis: () => 300_000,
};
const outcome = await Promise.resolve(loaded[handler](event, context)).then(
  (answer: unknown) => ({ answer }),
  (error: unknown) => ({ error: error instanceof Error ? error.name : String(error) }),
);
process.stdout.write(`\n${JSON.stringify(outcome)}\n`);
process.exit(0);
