export { backTest } from "./back-test.ts";
export { backTestProgram } from "./back-test-program.ts";
export { BackTestedPartner, BackTestedPeriod, BackTestFilter, ProgramSide } from "./schema.ts";
export { type BackTestTally, tally } from "./tally.ts";
