export * from "./plan-approval.ts";
export type * from "./states-language.ts";
