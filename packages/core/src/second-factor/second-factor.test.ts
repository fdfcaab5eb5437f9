import { describe, expect, it } from "vitest";
import { PersonId } from "../id/index.ts";
import { openVault } from "../vault/index.ts";
import { recoveryCode, recoveryHash } from "./recovery-code.ts";
import { accept, begin, confirm, viewOf, withRecoveryCodes } from "./second-factor.ts";
import { newTotpSecret, otpauthUri, stepOf } from "./totp.ts";

const ada = PersonId.parse("per_01JHQ3V5T0000000000000000A");
const vault = openVault(new Uint8Array(32).fill(7), ada);
/** The key of RFC 6238, appendix B: "12345678901234567890". */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const at = (seconds: number) => new Date(seconds * 1000);

describe("a code of the authenticator app", () => {
  /** RFC 6238, appendix B, SHA-1: the last six of its eight digits. */
  const vectors = [
    { seconds: 59, code: "287082", step: 0x1 },
    { seconds: 1_111_111_109, code: "081804", step: 0x23523ec },
    { seconds: 1_111_111_111, code: "050471", step: 0x23523ed },
    { seconds: 1_234_567_890, code: "005924", step: 0x273ef07 },
    { seconds: 2_000_000_000, code: "279037", step: 0x3f940aa },
    { seconds: 20_000_000_000, code: "353130", step: 0x27bc86aa },
  ];
  it.each(vectors)("P-03 is $code at second $seconds", ({ seconds, code, step }) => {
    expect(stepOf(SECRET, code, at(seconds))).toBe(step);
  });

  it.each(vectors)("is good one step before and after $seconds, and no further", (vector) => {
    const { seconds, code, step } = vector;
    const found = [-60, -30, 0, 30, 60].map((by) => stepOf(SECRET, code, at(seconds + by)));
    expect(found.slice(1, 4)).toEqual([step, step, step]);
    expect([found[0], found[4]]).toEqual([undefined, undefined]);
  });

  it("is told to the app as RFC 6238 has it", () => {
    expect(newTotpSecret(Buffer.from("12345678901234567890 and more"))).toBe(SECRET);
    const uri = new URL(otpauthUri(SECRET, "ada@people.test"));
    expect(`${uri.protocol}//${uri.host}${decodeURIComponent(uri.pathname)}`).toBe(
      "otpauth://totp/Concord:ada@people.test",
    );
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      ...{ issuer: "Concord", secret: SECRET, algorithm: "SHA1", digits: "6", period: "30" },
    });
  });
});

describe("a recovery code", () => {
  it("is 80 bits in four groups, and the same however it is typed", () => {
    const code = recoveryCode(Buffer.from("00112233445566778899aabb", "hex"));
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(recoveryHash(ada, code.toLowerCase().replaceAll("-", " "))).toBe(
      recoveryHash(ada, code),
    );
    expect(recoveryCode(new Uint8Array(10))).toBe("0000-0000-0000-0000");
    expect(recoveryCode(new Uint8Array(10).fill(255))).toBe("ZZZZ-ZZZZ-ZZZZ-ZZZZ");
  });

  it("is another person's under another hash", () => {
    const bob = PersonId.parse("per_01JHQ3V5T0000000000000000B");
    expect(recoveryHash(ada, "0000")).not.toBe(recoveryHash(bob, "0000"));
  });
});

describe("a second factor", () => {
  const sealed = vault.seal(SECRET);
  const codes = ["AAAA-AAAA-AAAA-AAAA", "BBBB-BBBB-BBBB-BBBB"];
  const hashes = codes.map((code) => recoveryHash(ada, code));
  const active = () =>
    confirm(begin(ada, undefined, sealed, at(59)), "287082", hashes, vault, at(59));

  it("counts once a code confirmed it, and that code is used up", () => {
    const pending = begin(ada, undefined, sealed, at(59));
    expect(viewOf(pending)).toEqual({ status: "pending", recoveryCodesLeft: 0, confirmedAt: null });
    const factor = active();
    expect(viewOf(factor)).toEqual({
      status: "active",
      recoveryCodesLeft: 2,
      confirmedAt: "1970-01-01T00:00:59.000Z",
    });
    expect(accept(factor, { code: "287082" }, vault, at(59))).toBeUndefined();
  });

  it("takes each time step once, and none before one that was taken", () => {
    const factor = active();
    const later = { code: "050471" };
    const next = accept(factor, later, vault, at(1_111_111_111));
    expect(next).toMatchObject({ lastStep: 0x23523ed, version: 3 });
    if (!next) return;
    expect(accept(next, later, vault, at(1_111_111_111))).toBeUndefined();
    // The step before is within the window still, and was never used.
    expect(accept(factor, { code: "081804" }, vault, at(1_111_111_111))).toBeDefined();
    expect(accept(next, { code: "081804" }, vault, at(1_111_111_111))).toBeUndefined();
  });

  it("takes each recovery code once, and none of those that were renewed", () => {
    const factor = active();
    const proof = { recoveryCode: "aaaa aaaa aaaa aaaa" };
    const next = accept(factor, proof, vault, at(60));
    expect(next?.recoveryHashes).toEqual([hashes[1]]);
    if (!next) return;
    expect(accept(next, proof, vault, at(60))).toBeUndefined();
    expect(accept(withRecoveryCodes(factor, []), proof, vault, at(60))).toBeUndefined();
  });

  it("is not begun again while it is active, and not confirmed where it was not begun", () => {
    const caught = (act: () => unknown) => {
      try {
        return act();
      } catch (error) {
        return Object(error).code;
      }
    };
    const pending = begin(ada, undefined, sealed, at(59));
    expect(caught(() => begin(ada, active(), sealed, at(60)))).toBe("second-factor-exists");
    expect(caught(() => confirm(undefined, "287082", [], vault, at(59)))).toBe(
      "second-factor-not-begun",
    );
    expect(caught(() => confirm(active(), "287082", [], vault, at(59)))).toBe(
      "second-factor-exists",
    );
    expect(caught(() => confirm(pending, "287083", [], vault, at(59)))).toBe("second-factor-wrong");
    expect(begin(ada, pending, sealed, at(60))).toMatchObject({ status: "pending", version: 2 });
  });
});
