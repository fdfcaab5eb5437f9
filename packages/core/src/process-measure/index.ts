export { measureProcess } from "./measure-process.ts";
export { ProcessMeasures } from "./schema.ts";
