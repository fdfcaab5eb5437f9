import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalJson, digestOf, shortDigestOf } from "./digest.ts";

describe("canonical JSON", () => {
  it("sorts members by code unit, also those that look like numbers, and leaves absent ones out", () => {
    const value = { b: 1, a: { é: 2, Z: [{ y: null, x: "\u2028" }] }, "9": true, "10": undefined };
    expect(canonicalJson({ ...value, "10": "ten" })).toBe(
      '{"10":"ten","9":true,"a":{"Z":[{"x":"\u2028","y":null}],"é":2},"b":1}',
    );
    expect(canonicalJson({ ...value, b: undefined })).toBe(
      '{"9":true,"a":{"Z":[{"x":"\u2028","y":null}],"é":2}}',
    );
  });

  it("tells bytes from text, and text from numbers", () => {
    const texts = [Uint8Array.from([1, 2]), "AQI=", 'b"AQI="', 1, "1", null, "null", [], {}, ""];
    expect(new Set(texts.map(canonicalJson)).size).toBe(texts.length);
    expect(canonicalJson(Uint8Array.from([1, 2]))).toBe('b"AQI="');
  });
});

describe("a digest", () => {
  const bytes = () => createHash("sha256").update('{"a":1,"b":"ü"}');

  it("is the SHA-256 of the canonical JSON in UTF-8", () => {
    expect(digestOf({ b: "ü", a: 1 })).toBe(bytes().digest("hex"));
    expect(shortDigestOf({ b: "ü", a: 1 })).toBe(bytes().digest("base64url"));
  });
});
