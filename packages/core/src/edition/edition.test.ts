import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainError } from "../error/index.ts";
import { begin, changeEdition, elapse, type Happening, happen, requireRoom } from "./edition.ts";
import { editions } from "./editions.ts";
import type { Subscription } from "./schema.ts";
import { requireStanding } from "./standing.ts";

const START = new Date("2027-01-01T00:00:00.000Z");
const BY = { kind: "system", name: "schedule" } as const;
const DAY_MS = 86_400_000;
const after = (days: number) => new Date(START.getTime() + days * DAY_MS);

/** As the product's terms say it, written down a second time. */
const allowed = new Set([
  "trial>active",
  "trial>past-due",
  "trial>closed",
  "active>past-due",
  "active>closed",
  "past-due>active",
  "past-due>suspended",
  "past-due>closed",
  "suspended>active",
  "suspended>closed",
  "closed>trial",
  "closed>active",
  "closed>suspended",
  "closed>erased",
]);

const attempt = <T>(action: () => T): T | undefined => {
  try {
    return action();
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
};

describe("a subscription", () => {
  it("P-01 takes no way but the declared ones, whatever happens to it and whenever", () => {
    const happening = fc.constantFrom<Happening | "time">(
      "paid",
      "overdue",
      "closed",
      "reopened",
      "time",
    );
    const taken = new Set<string>();
    fc.assert(
      fc.property(
        fc.constantFrom("trial" as const, "active" as const),
        fc.array(fc.tuple(happening, fc.integer({ min: 0, max: 45 })), { maxLength: 30 }),
        (begins, story) => {
          let { next: current }: { next: Subscription } = begin("growth", begins, BY, START);
          let days = 0;
          for (const [what, wait] of story) {
            days += wait;
            const now = after(days);
            const change = attempt(() =>
              what === "time" ? elapse(current, BY, now) : happen(current, what, BY, now),
            );
            if (!change) continue;
            const { next, event, timers } = change;
            expect(next.version).toBe(current.version + 1);
            expect(event.data).toMatchObject({ from: current.state, to: next.state });
            if (next.state !== current.state) {
              const way = `${current.state}>${next.state}`;
              expect(allowed).toContain(way);
              taken.add(way);
              // A state that time ends has its timer from the start.
              const isTimed = next.stateEndsAt !== null;
              expect(timers.some(({ kind }) => kind === "subscription")).toBe(isTimed);
            }
            current = next;
          }
        },
      ),
      { seed: 20270101, numRuns: 2_000 },
    );
    expect([...taken].sort()).toEqual([...allowed].sort());
  });

  it("P-01 runs by the clock from its trial to its erasure", () => {
    let { next: current }: { next: Subscription } = begin("growth", "trial", BY, START);
    const states: string[] = [];
    for (let day = 0; day <= 200; day += 1) {
      const change = elapse(current, BY, after(day));
      if (!change) continue;
      states.push(`${day} ${change.next.state}`);
      current = change.next;
    }
    // 30 days of trial, 14 of grace, 90 suspended, 30 to export.
    expect(states).toEqual(["30 past-due", "44 suspended", "134 closed", "164 erased"]);
  });

  it("is active with the payment, from every state but the closed ones", () => {
    const trial = begin("growth", "trial", BY, START).next;
    const pastDue = elapse(trial, BY, after(30))?.next ?? trial;
    const suspended = elapse(pastDue, BY, after(44))?.next ?? trial;
    const ofEach = [trial, pastDue, suspended].map((one) => happen(one, "paid", BY, after(50)));
    expect(ofEach.map((change) => change?.next.state)).toEqual(["active", "active", "active"]);
    const closed = happen(suspended, "closed", BY, after(60))?.next ?? trial;
    const paid = happen(closed, "paid", BY, after(61))?.next;
    expect(paid).toMatchObject({ state: "closed", resumesAs: "active" });
  });

  it("wins no grace by being closed and reopened", () => {
    const trial = begin("growth", "trial", BY, START).next;
    const pastDue = elapse(trial, BY, after(30))?.next ?? trial;
    const closed = happen(pastDue, "closed", BY, after(31))?.next ?? trial;
    expect(happen(closed, "reopened", BY, after(32))?.next.state).toBe("suspended");
    const early = happen(trial, "closed", BY, after(5))?.next ?? trial;
    expect(happen(early, "reopened", BY, after(6))?.next).toMatchObject({
      state: "trial",
      stateEndsAt: trial.trialEndsAt,
    });
    expect(happen(early, "reopened", BY, after(30))?.next.state).toBe("suspended");
  });

  it.each([
    { state: "trial", read: "", write: "", always: "" },
    { state: "active", read: "", write: "", always: "" },
    { state: "past-due", read: "", write: "", always: "" },
    { state: "suspended", read: "", write: "tenant-suspended", always: "" },
    { state: "closed", read: "tenant-closed", write: "tenant-closed", always: "" },
    { state: "erased", read: "tenant-closed", write: "tenant-closed", always: "tenant-closed" },
  ] as const)("$state lets people do what it says", ({ state, ...expected }) => {
    const told = (intent: "read" | "write" | "always") => {
      try {
        requireStanding(state, intent);
        return "";
      } catch (error) {
        return error instanceof DomainError ? error.code : String(error);
      }
    };
    expect({ read: told("read"), write: told("write"), always: told("always") }).toEqual(expected);
  });
});

describe("an edition", () => {
  it("grows from one to the next in everything", () => {
    const bounds = editions.map(({ limits }) => Object.values(limits).map((n) => n ?? Infinity));
    for (const [at, larger] of bounds.entries()) {
      const smaller = bounds[at - 1] ?? larger.map(() => 0);
      expect(larger.every((limit, place) => limit > (smaller[place] ?? 0))).toBe(true);
    }
  });

  it("P-01 is refused while it is too small, with everything that is over", () => {
    const current = begin("growth", "active", BY, START).next;
    const usage = { partners: 11, members: 5, programs: 2 };
    try {
      changeEdition(current, "starter", usage, BY, START);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: "edition-too-small",
        places: [
          { pointer: "/edition", detail: "11 partners; it holds 10" },
          { pointer: "/edition", detail: "2 published programs; it holds 1" },
        ],
      });
    }
    requireRoom("starter", { partners: 10, members: 5, programs: 1 });
    expect(changeEdition(current, "enterprise", usage, BY, START).next.edition).toBe("enterprise");
    expect(() => changeEdition(current, "growth", usage, BY, START)).toThrow(/has this edition/);
  });
});
