import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openDataFolder } from "../data-folder/index.ts";
import { createClock } from "./create-clock.ts";

const noon = new Date("2027-01-15T12:00:00.000Z");

/** A wall clock that moves when it is told to. */
function wallClockAt(start: string) {
  let time = new Date(start).getTime();
  return {
    wallClock: () => new Date(time),
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

function emptyFolder() {
  const path = mkdtempSync(join(tmpdir(), "concord-clock-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

it("shows the wall clock until it is set", () => {
  const { wallClock } = wallClockAt("2026-11-22T08:00:00.000Z");
  expect(createClock({ wallClock }).now().toISOString()).toBe("2026-11-22T08:00:00.000Z");
});

it("goes on from where it was set with the time that passes", () => {
  const wall = wallClockAt("2026-11-22T08:00:00.000Z");
  const clock = createClock({ wallClock: wall.wallClock });
  clock.set(noon);
  wall.pass(90_000);
  expect(clock.now().toISOString()).toBe("2027-01-15T12:01:30.000Z");
});

it("refuses to go back and stays where it is", () => {
  const { wallClock } = wallClockAt("2026-11-22T08:00:00.000Z");
  const clock = createClock({ startAt: noon, wallClock });
  expect(() => clock.set(new Date("2027-01-15T11:59:59.999Z"))).toThrow(
    "stands at 2027-01-15T12:00:00.000Z and cannot go back to 2027-01-15T11:59:59.999Z",
  );
  expect(clock.now()).toEqual(noon);
});

it("refuses what is no date", () => {
  const clock = createClock();
  expect(() => clock.set(new Date("tomorrow"))).toThrow(RangeError);
});

it("does not go back when the wall clock does", () => {
  const wall = wallClockAt("2026-11-22T08:00:00.000Z");
  const clock = createClock({ wallClock: wall.wallClock });
  clock.now();
  wall.pass(-5000);
  expect(clock.now().toISOString()).toBe("2026-11-22T08:00:00.000Z");
});

it("keeps its offset over a restart, and refuses a start before it", () => {
  const wall = wallClockAt("2026-11-22T08:00:00.000Z");
  const path = emptyFolder();
  const first = openDataFolder(path);
  createClock({ startAt: noon, database: first.database, wallClock: wall.wallClock });
  first.close();
  wall.pass(3_600_000);
  const second = openDataFolder(path);
  onTestFinished(() => second.close());
  const again = { database: second.database, wallClock: wall.wallClock };
  expect(createClock(again).now().toISOString()).toBe("2027-01-15T13:00:00.000Z");
  expect(() => createClock({ ...again, startAt: noon })).toThrow("cannot go back");
});

it("may start in the past only where no clock has run yet", () => {
  const past = new Date("2025-01-01T00:00:00.000Z");
  const { wallClock } = wallClockAt("2026-11-22T08:00:00.000Z");
  const used = openDataFolder(emptyFolder());
  const untouched = openDataFolder(emptyFolder());
  onTestFinished(() => {
    used.close();
    untouched.close();
  });
  createClock({ database: used.database, wallClock });
  expect(() => createClock({ startAt: past, database: used.database, wallClock })).toThrow(
    "cannot go back",
  );
  expect(createClock({ startAt: past, database: untouched.database, wallClock }).now()).toEqual(
    past,
  );
});
