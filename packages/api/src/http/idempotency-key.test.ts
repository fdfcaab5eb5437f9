import { describe, expect, it } from "vitest";
import { digestOf, idempotencyKeyOf } from "./idempotency-key.ts";

describe("the Idempotency-Key of a request", () => {
  it.each([
    ["none", undefined, undefined],
    ["bare", "order-17", "order-17"],
    ["as a string of RFC 8941", '"order-17"', "order-17"],
    ["with space around it", '  "order-17" ', "order-17"],
    ["bare with space around it", " order-17  ", "order-17"],
    ["with a quote at its beginning alone", '"order-17', '"order-17'],
    ["with a quote at its end alone", 'order-17"', 'order-17"'],
    ["with a quoted word at its beginning", '"order"-17', '"order"-17'],
    ["with a quoted word in it", 'order-"17"', 'order-"17"'],
    ["as long as it may be", "k".repeat(255), "k".repeat(255)],
  ])("is read where it is given %s", (_, header, key) => {
    expect(idempotencyKeyOf(header)).toBe(key);
  });

  it.each([
    ["empty", ""],
    ["an empty string of RFC 8941", '""'],
    ["nothing but space", "   "],
    ["longer", "k".repeat(256)],
    ["of two words", "order 17"],
    ["beyond ASCII", "ordér-17"],
    ["with a character nobody sees", "order\u0007"],
  ])("is refused where it is %s", (_, header) => {
    expect(() => idempotencyKeyOf(header)).toThrow(
      expect.objectContaining({
        code: "request-invalid",
        message: expect.stringContaining("1 to 255 visible ASCII characters"),
        places: [{ pointer: "header:Idempotency-Key", detail: "not a valid key" }],
      }),
    );
  });

  it("is kept as a digest that no two lists of parts share", () => {
    const digests = [["a", "b"], ["ab"], ["a", "b", ""], ['a","b'], []].map((parts) =>
      digestOf(...parts),
    );
    expect(new Set(digests).size).toBe(digests.length);
    // SHA-256 of `["a","b"]`, base64url.
    expect(digests[0]).toBe("BHPvLcDTJKtlnTWAwRNOnYEgNZBcR4H91tUpsMaGDhM");
  });
});
