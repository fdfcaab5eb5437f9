import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isTokenOf, oneTimeToken, tokenHash } from "./one-time-token.ts";

const secret = new Uint8Array(32).fill(7);

describe("a one-time token", () => {
  const token = oneTimeToken(secret, "invitation", "inv_1", 1);

  it("is 256 bits that the secret alone can make again", () => {
    const expected = createHmac("sha256", secret).update('["invitation","inv_1",1]').digest();
    expect(expected).toHaveLength(32);
    expect(token).toBe(expected.toString("base64url"));
  });

  it("differs with secret, purpose, subject and generation", () => {
    const others = [
      oneTimeToken(new Uint8Array(32).fill(8), "invitation", "inv_1", 1),
      oneTimeToken(secret, "login-link", "inv_1", 1),
      oneTimeToken(secret, "invitation", "inv_2", 1),
      oneTimeToken(secret, "invitation", "inv_1", 2),
    ];
    expect(new Set([token, ...others]).size).toBe(5);
  });

  it("is known by its hash, which does not tell it", () => {
    const stored = tokenHash(token);
    expect(stored).not.toContain(token);
    expect(isTokenOf(stored, token)).toBe(true);
    for (const wrong of ["", token.slice(1), `${token}A`, stored, token.toLowerCase()]) {
      expect(isTokenOf(stored, wrong)).toBe(false);
    }
    expect(isTokenOf("", token)).toBe(false);
  });
});
