export { type BusinessClock, createClock } from "./create-clock.ts";
