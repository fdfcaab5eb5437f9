import { describe, expect, it } from "vitest";
import { remembered } from "./remembered.ts";

describe("what depends on nothing but what is asked", () => {
  const counting = (most: number) => {
    const asked: string[] = [];
    const sum = remembered(most, (a: number, b: number): number => {
      asked.push(`${a}+${b}`);
      return a + b;
    });
    return { asked, sum };
  };

  it("is worked out once, for each of what is asked", () => {
    const { asked, sum } = counting(10);
    expect([sum(1, 23), sum(12, 3), sum(1, 23)]).toEqual([24, 15, 24]);
    expect(asked).toEqual(["1+23", "12+3"]);
  });

  it("is remembered also where the answer is undefined", () => {
    let asked = 0;
    const nothing = remembered(10, (_: string): undefined => {
      asked += 1;
    });
    nothing("a");
    nothing("a");
    expect(asked).toBe(1);
  });

  it("is forgotten when there is too much of it", () => {
    const { asked, sum } = counting(2);
    for (const a of [1, 2, 1, 3, 3, 1]) sum(a, 0);
    expect(asked).toEqual(["1+0", "2+0", "3+0", "1+0"]);
  });

  it("is not remembered where there is no answer", () => {
    let asked = 0;
    const failing = remembered(2, (_: string): string => {
      asked += 1;
      throw new RangeError("no such date");
    });
    expect(() => failing("2027-02-30")).toThrow("no such date");
    expect(() => failing("2027-02-30")).toThrow("no such date");
    expect(asked).toBe(2);
  });
});
