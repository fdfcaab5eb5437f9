import { describe, expect, it } from "vitest";
import { closing } from "./closing.ts";

describe("closing", () => {
  it("closes what was added last first, each once, however often it is asked", async () => {
    const closed: string[] = [];
    const { add, close } = closing();
    add(() => void closed.push("folder"));
    add(async () => void closed.push("engine"));
    await Promise.all([close(), close()]);
    await close();
    expect(closed).toEqual(["engine", "folder"]);
  });

  it("gives up what never ends, and closes the rest", async () => {
    const closed: string[] = [];
    const { add, close } = closing(20);
    add(() => void closed.push("folder"));
    add(() => new Promise<never>(() => undefined));
    const since = performance.now();
    await close();
    expect(closed).toEqual(["folder"]);
    expect(performance.now() - since).toBeLessThan(2000);
  });

  it("closes the rest where one fails, and tells the first failure", async () => {
    const closed: string[] = [];
    const { add, close } = closing();
    add(() => void closed.push("folder"));
    add(() => {
      throw new Error("no disk");
    });
    add(() => Promise.reject(new Error("no engine")));
    await expect(close()).rejects.toThrow("no engine");
    expect(closed).toEqual(["folder"]);
  });
});
