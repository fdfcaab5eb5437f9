import { instantAt } from "@concord/core/calendar";

/** The vendor's time zone: business days, and the wall times at which things happen. */
export const TIME_ZONE = "America/Chicago";

/** @param on `YYYY-MM-DD` @param time `HH:MM` */
export const at = (on: string, time: string): Date => instantAt(on, time, { timeZone: TIME_ZONE });

export const QUARTERS = ["2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4"] as const;
export type DemoQuarter = (typeof QUARTERS)[number];
