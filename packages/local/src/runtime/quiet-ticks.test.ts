import type { TickReport, TimerRepository } from "@concord/core/timer";
import { beforeEach, describe, expect, it } from "vitest";
import { quietTicks } from "./quiet-ticks.ts";

const NOON = Date.parse("2027-04-01T12:00:00Z");

describe("ticks of an idle runtime", () => {
  let saved: TickReport[];
  let logged: unknown[];
  let ticks: ReturnType<typeof quietTicks>;
  beforeEach(() => {
    saved = [];
    logged = [];
    const timers = { saveTick: async (report: TickReport) => void saved.push(report) };
    ticks = quietTicks({
      timers: timers as unknown as TimerRepository,
      log: (line) => logged.push(line["message"]),
    });
  });

  /** As the tick does: first it stores its report, then it writes its line. */
  async function tick(second: number, counts: Partial<TickReport> = {}): Promise<void> {
    const at = new Date(NOON + second * 1000).toISOString();
    const none = { fired: 0, waiting: 0, failed: 0, oldestOverdueAt: null, lagSeconds: [] };
    await ticks.timers.saveTick({ at, ...none, ...counts });
    ticks.log({ level: "info", message: "tick", at });
  }

  it("are stored and told of once a minute", async () => {
    for (let second = 0; second < 3600; second += 1) await tick(second);
    expect(saved).toHaveLength(60);
    expect(logged).toHaveLength(60);
  });

  it("are told of each time they fired something", async () => {
    for (let second = 0; second < 5; second += 1) await tick(second, { fired: 1 });
    expect(saved).toHaveLength(5);
    expect(logged).toHaveLength(5);
  });

  it("are told of when what waits or fails changes, both ways", async () => {
    await tick(0);
    await tick(1, { failed: 1 });
    await tick(2, { failed: 1 });
    await tick(3, { waiting: 2 });
    await tick(4, { waiting: 2 });
    await tick(5);
    expect(saved.map(({ failed, waiting }) => [failed, waiting])).toEqual([
      [0, 0],
      [1, 0],
      [0, 2],
      [0, 0],
    ]);
    expect(logged).toHaveLength(4);
  });

  it("hide no other line", async () => {
    await tick(0);
    await tick(1);
    ticks.log({ level: "error", message: "timer failed" });
    expect(logged).toEqual(["tick", "timer failed"]);
  });
});
