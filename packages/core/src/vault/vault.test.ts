import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openVault, VaultKey } from "./vault.ts";

const key = randomBytes(32);
const token = "AQCEAAAAKgAAAAMAAAAAAAAAAb".repeat(20);

describe("a vault", () => {
  it("opens what it sealed, and seals the same token differently each time", () => {
    const vault = openVault(key);
    const [one, two] = [vault.seal(token), vault.seal(token)];
    expect(one).not.toBe(two);
    expect(one).not.toContain(token.slice(0, 10));
    expect([vault.open(one), vault.open(two)]).toEqual([token, token]);
  });

  it("opens nothing that another key sealed, or that was altered or cut", () => {
    const vault = openVault(key);
    const sealed = vault.seal(token);
    expect(() => openVault(randomBytes(32)).open(sealed)).toThrow();
    const bytes = Buffer.from(sealed, "base64url");
    for (const position of [0, 12, 28, bytes.length - 1]) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(position) ^ 1, position);
      expect(() => vault.open(altered.toString("base64url"))).toThrow();
    }
    expect(() => vault.open(bytes.subarray(0, 20).toString("base64url"))).toThrow();
  });

  it("opens for one owner nothing that was sealed for another", () => {
    const sealed = openVault(key, "ten_a").seal(token);
    expect(openVault(key, "ten_a").open(sealed)).toBe(token);
    for (const owner of ["", "ten_b"]) {
      expect(() => openVault(key, owner).open(sealed)).toThrow();
    }
  });

  it("takes a key of 32 bytes in base64 and no other", () => {
    expect(VaultKey.parse(key.toString("base64"))).toEqual(key);
    for (const bad of ["", "short", randomBytes(16).toString("base64"), "!".repeat(44)]) {
      expect(VaultKey.safeParse(bad).success).toBe(false);
    }
  });
});
