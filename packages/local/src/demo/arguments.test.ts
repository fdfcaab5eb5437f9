import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readArguments, UsageError } from "./arguments.ts";

const cwd = mkdtempSync(join(tmpdir(), "concord-arguments-"));
writeFileSync(join(cwd, "file.csv"), "a\n");
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe("the arguments of the demo", () => {
  it("are the sample and the folder out where none are given", async () => {
    expect(await readArguments([], cwd)).toEqual({ from: null, out: join(cwd, "out") });
  });

  it("name folders relative to where the command was typed", async () => {
    expect(await readArguments(["--", "--from", ".", "--out=there"], cwd)).toEqual({
      from: cwd,
      out: join(cwd, "there"),
    });
  });

  it.each([
    [["--from", "missing"], "there is no folder"],
    [["--from", "file.csv"], "there is no folder"],
    [["--from"], "argument missing"],
    [["--from="], "needs the name of a folder"],
    [["--out", "file.csv"], "is a file, not a folder"],
    [["--form", "."], "Unknown option '--form'"],
    [["export"], "Unexpected argument 'export'"],
  ])("%j are refused", async (args, message) => {
    const refused = readArguments(args, cwd);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });
});
