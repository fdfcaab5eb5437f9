import { describe, expect, it } from "vitest";
import { type PublicKey, type PublicKeySet, seenBySigner, signingKeyId } from "./public-keys.ts";

const START = new Date("2027-01-15T12:00:00.000Z");
const minutes = (count: number) => new Date(START.getTime() + count * 60_000);
const key = (kid: string): PublicKey => ({
  kty: "RSA",
  kid,
  use: "sig",
  alg: "RS256",
  n: "AQAB",
  e: "AQAB",
});
const empty: PublicKeySet = { keys: [], version: 0 };
const first = seenBySigner(empty, [key("a")], START);
const two = seenBySigner(first, [key("a"), key("b")], minutes(1));
const kidsOf = ({ keys }: PublicKeySet) => keys.map(({ kid }) => kid);

describe("the key set", () => {
  it("does not change where a signer has just what is published", () => {
    expect(seenBySigner(two, [key("a"), key("b")], minutes(60))).toBe(two);
  });

  it("takes back the mark of a key that somebody still holds, as often as it is made", () => {
    const marked = seenBySigner(two, [key("b")], minutes(30));
    expect(marked.keys.find(({ kid }) => kid === "a")?.withdrawnAt).toBe(minutes(30).toISOString());
    const back = seenBySigner(marked, [key("a"), key("b")], minutes(49));
    expect(back.keys.find(({ kid }) => kid === "a")?.withdrawnAt).toBeNull();
    const again = seenBySigner(back, [key("b")], minutes(50));
    expect(kidsOf(seenBySigner(again, [key("b")], minutes(69)))).toEqual(["b", "a"]);
    expect(kidsOf(seenBySigner(again, [key("b")], minutes(70)))).toEqual(["b"]);
  });

  it("makes a key that was gone wait again", () => {
    const gone = seenBySigner(seenBySigner(two, [key("b")], minutes(30)), [key("b")], minutes(60));
    const back = seenBySigner(gone, [key("b"), key("a")], minutes(61));
    expect(signingKeyId(back.keys, ["b", "a"], minutes(75))).toBe("b");
    expect(signingKeyId(back.keys, ["b", "a"], minutes(76))).toBe("a");
  });

  it.each([
    { at: 1, own: ["a", "b"], signs: "a" },
    { at: 15.9, own: ["a", "b"], signs: "a" },
    { at: 16, own: ["a", "b"], signs: "b" },
    { at: 16, own: ["a"], signs: "a" },
    { at: 15.9, own: ["b"], signs: undefined },
    { at: 60, own: ["c"], signs: undefined },
  ])("after $at minutes $own sign with $signs", ({ at, own, signs }) => {
    expect(signingKeyId(two.keys, own, minutes(at))).toBe(signs);
  });
});
