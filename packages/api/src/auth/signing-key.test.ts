import { describe, expect, it } from "vitest";
import { generateSigningKey, publicHalf, SigningKeysText } from "./signing-key.ts";

describe("the signing key", () => {
  it("is read back from the text that a secret holds", async () => {
    const key = await generateSigningKey();
    const other = await generateSigningKey();
    expect(SigningKeysText.parse(JSON.stringify([key, other]))).toEqual([key, other]);
    expect(SigningKeysText.safeParse(JSON.stringify([key, key])).success).toBe(false);
    expect(SigningKeysText.safeParse("[]").success).toBe(false);
    expect(SigningKeysText.safeParse(JSON.stringify(key)).success).toBe(false);
    expect(Buffer.from(key.n, "base64url").length).toBe(256);
  });

  it("shows verifiers its public half alone", async () => {
    const key = await generateSigningKey();
    const { kid, n, e } = key;
    expect(publicHalf(key)).toEqual({ kty: "RSA", use: "sig", alg: "RS256", kid, n, e });
  });

  it.each(['{"d":"a-secret-part', "a-secret-part", '[{"kty":"RSA","d":"a-secret-part"}]'])(
    "is refused without a word of the text %j",
    (text) => {
      const { success, error } = SigningKeysText.safeParse(text);
      expect(success).toBe(false);
      expect(`${error?.message} ${error?.stack}`).not.toContain("a-secret-part");
    },
  );
});
