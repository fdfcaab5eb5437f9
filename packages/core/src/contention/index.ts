export { type ContentionStore, unlessStale, untilFree } from "./until-free.ts";
