import { describe, expect, it } from "vitest";
import { hashPassword } from "./password.ts";

describe("hashing a password", () => {
  it("is Argon2id with 19 MiB, two passes and one lane, as a PHC string", async () => {
    const hash = await hashPassword("correct horse", "per_A");
    expect(hash).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
  });

  it("is the same for the same password and person alone", async () => {
    const hash = await hashPassword("correct horse", "per_A");
    expect(await hashPassword("correct horse", "per_A")).toBe(hash);
    expect(await hashPassword("correct horsf", "per_A")).not.toBe(hash);
    const other = await hashPassword("correct horse", "per_B");
    expect(other.split("$")[4]).not.toBe(hash.split("$")[4]);
    expect(other.split("$")[5]).not.toBe(hash.split("$")[5]);
  });

  it("takes a password as it is meant, however the keyboard composes it", async () => {
    expect(await hashPassword("caf\u00e9 au lait", "p")).toBe(
      await hashPassword("cafe\u0301 au lait", "p"),
    );
  });
});
