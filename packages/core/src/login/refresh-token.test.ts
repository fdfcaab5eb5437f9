import { describe, expect, it } from "vitest";
import { LoginSessionId, MemberId, mintIds, TenantId } from "../id/index.ts";
import { parseRefreshToken, refreshTokenText } from "./refresh-token.ts";

const key = new Uint8Array(32).fill(7);
let draws = 0;
const mint = mintIds(
  () => 1_800_000_000_000,
  () => {
    draws += 1;
    return (draws % 31) / 31;
  },
);
const token = {
  tenantId: mint(TenantId),
  membershipId: mint(MemberId),
  sessionId: mint(LoginSessionId),
  generation: 4,
};
const text = refreshTokenText(key, token);
const [place = "", secret = ""] = text.split(".");
const rebuilt = (change: object) => {
  const { tenantId, membershipId, sessionId, generation } = { ...token, ...change };
  const members = JSON.stringify([tenantId, membershipId, sessionId, generation]);
  return `${Buffer.from(members).toString("base64url")}.${secret}`;
};

describe("a refresh token", () => {
  it("carries 256 bits, and leads to its session", () => {
    expect(Buffer.from(secret, "base64url")).toHaveLength(32);
    expect(parseRefreshToken(key, text)).toEqual(token);
  });

  it("is another for each session, generation and key", () => {
    const others = [
      refreshTokenText(key, { ...token, generation: 5 }),
      refreshTokenText(key, { ...token, sessionId: mint(LoginSessionId) }),
      refreshTokenText(new Uint8Array(32).fill(8), token),
    ];
    expect(new Set([text, ...others].map((one) => one.split(".")[1])).size).toBe(4);
  });

  it.each([
    ["another generation", rebuilt({ generation: 5 })],
    ["another session", rebuilt({ sessionId: mint(LoginSessionId) })],
    ["another tenant", rebuilt({ tenantId: mint(TenantId) })],
    ["another membership", rebuilt({ membershipId: mint(MemberId) })],
    ["a generation below zero", rebuilt({ generation: -1 })],
    ["no secret", `${place}.`],
    ["a secret alone", secret],
    ["a further part", `${text}.x`],
    ["padding", `${text}=`],
    ["a changed last character", `${text.slice(0, -1)}${text.endsWith("A") ? "B" : "A"}`],
    ["a space", ` ${text}`],
    ["another key's", refreshTokenText(new Uint8Array(32).fill(8), token)],
    ["nothing", ""],
    ["a megabyte", "x".repeat(1_000_000)],
  ])("is none of ours with %s", (_, wrong) => {
    expect(parseRefreshToken(key, wrong)).toBeUndefined();
  });
});
