import { describe, expect, it } from "vitest";
import { turns } from "./turns.ts";

/** Works that note when they begin and end, and end when they are told to. */
function noted() {
  const notes: string[] = [];
  const work = (name: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    return {
      run: async () => {
        notes.push(`${name} begins`);
        const answer = await promise.finally(() => notes.push(`${name} ends`));
        return answer;
      },
      end: () => resolve(name),
      fail: () => reject(new Error(name)),
    };
  };
  return { notes, work };
}

describe("work that takes turns", () => {
  it("is done one after the other on the same thing, and at once on another", async () => {
    const { notes, work } = noted();
    const inTurn = turns();
    const [a, b, c] = [work("a"), work("b"), work("c")];
    const done = [inTurn("one", a.run), inTurn("one", b.run), inTurn("two", c.run)];
    c.end();
    expect(await done[2]).toBe("c");
    expect(notes).toEqual(["a begins", "c begins", "c ends"]);
    b.end();
    a.end();
    expect(await Promise.all(done)).toEqual(["a", "b", "c"]);
    expect(notes.slice(3)).toEqual(["a ends", "b begins", "b ends"]);
  });

  it("fails for the one who asked, and the next goes on", async () => {
    const { notes, work } = noted();
    const inTurn = turns();
    const [a, b] = [work("a"), work("b")];
    const done = [inTurn("one", a.run), inTurn("one", b.run)];
    a.fail();
    b.end();
    await expect(done[0]).rejects.toThrow("a");
    expect(await done[1]).toBe("b");
    expect(notes).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  });
});
