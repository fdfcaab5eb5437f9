export { canonicalJson, digestOf, shortDigestOf } from "./digest.ts";
