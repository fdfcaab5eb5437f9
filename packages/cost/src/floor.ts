import type { Prices } from "./prices.ts";
import { rowsAMonth } from "./usage.ts";

/** A row of at most 1 KB in a transaction: what it adds up to changes with it. */
const UNITS_A_ROW = 2;
/** Whether a row is new or changed is seen by a read of it. */
const READS_A_ROW = 1;

/**
 * The least that a month of one partner can cost in any design that keeps facts and their sums in step: its rows written in
 * transactions and read once each; no index, no event, no answer to anybody, no compute.
 */
export const floorDollars = ({ writeUnit, readUnit }: Prices): number =>
  rowsAMonth * (UNITS_A_ROW * writeUnit + READS_A_ROW * readUnit);
