export { SupposedCard, WhatIf } from "./schema.ts";
export { tryWhatIf } from "./try-what-if.ts";
