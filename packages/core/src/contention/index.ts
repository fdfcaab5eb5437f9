export { type Turns, turns } from "./turns.ts";
export { type ContentionStore, unlessStale, untilFree } from "./until-free.ts";
