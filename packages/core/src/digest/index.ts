export { canonicalJson, digestOf } from "./digest.ts";
