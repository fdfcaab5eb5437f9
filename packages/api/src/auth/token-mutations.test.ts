import { LoginSessionId, MemberId, PersonId } from "@concord/core/id";
import { ACME, figure, NOON, seeded, testStore } from "@concord/local/testing";
import { openSystemStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { cachedKeySet } from "./key-set.ts";
import { generateSigningKey } from "./signing-key.ts";
import { TokenClaims } from "./token-claims.ts";
import { tokenSigner } from "./token-signer.ts";
import { verifyAccessToken } from "./verify-access-token.ts";

const SEED = 20_270_115;
const ISSUER = "https://api.concord.test";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=. +/\n\u0000é";

/** One to three random changes of the text, of a character, a run, a segment or a bit below base64url. */
function mutated(token: string, random: () => number): string {
  const below = (limit: number) => Math.floor(random() * limit);
  const letter = () => ALPHABET[below(ALPHABET.length)] ?? "";
  let text = token;
  for (let left = 1 + below(3); left > 0; left -= 1) {
    const at = below(text.length);
    const segments = text.split(".");
    const chosen = below(segments.length);
    switch (below(6)) {
      case 0:
        text = text.slice(0, at) + letter() + text.slice(at + 1);
        break;
      case 1:
        text = text.slice(0, at) + text.slice(at + 1 + below(4));
        break;
      case 2:
        text = text.slice(0, at) + letter() + text.slice(at);
        break;
      case 3:
        segments[chosen] = segments[below(segments.length)] ?? "";
        text = segments.join(".");
        break;
      case 4:
        text = text.slice(0, -1) + letter();
        break;
      default: {
        const bytes = Buffer.from(segments[chosen] ?? "", "base64url");
        const place = below(Math.max(1, bytes.length));
        bytes[place] = (bytes[place] ?? 0) ^ (1 << below(8));
        segments[chosen] = bytes.toString("base64url");
        text = segments.join(".");
      }
    }
  }
  return text;
}

describe("an access token, changed at random", () => {
  let token: string;
  let keys: Parameters<typeof verifyAccessToken>[1]["keys"];
  beforeAll(async () => {
    const store = await testStore();
    const { publicKeys } = openSystemStore(store.table);
    const wallNow = () => NOON;
    const signer = tokenSigner({
      ...{ issuer: ISSUER, wallNow },
      signingKeys: [await generateSigningKey()],
    });
    const claims = { sub: store.mint(PersonId), sid: store.mint(LoginSessionId), tid: ACME };
    token = await signer.issue(publicKeys, { ...claims, mid: store.mint(MemberId), mv: 1 });
    keys = (await cachedKeySet(wallNow)(publicKeys)).byId;
  });

  const accepts = (text: string): Promise<boolean> =>
    verifyAccessToken(text, { keys, issuer: ISSUER, wallNow: NOON }).then(
      () => true,
      () => false,
    );

  async function accepted(count: number, by: (text: string) => Promise<boolean>): Promise<number> {
    const random = seeded(SEED);
    let found = 0;
    for (let left = count; left > 0; ) {
      const text = mutated(token, random);
      if (text === token) continue;
      left -= 1;
      if (await by(text)) found += 1;
    }
    return found;
  }

  it(
    "P-03 is never accepted",
    async () => {
      expect(await accepts(token)).toBe(true);
      expect(await accepted(figure(5_000, 100_000), accepts), `seed ${SEED}`).toBe(0);
    },
    figure(60_000, 600_000),
  );

  it("and it would show if the signature were not looked at", async () => {
    const readsOnly = async (text: string) => {
      try {
        const payload = Buffer.from(text.split(".")[1] ?? "", "base64url").toString("utf8");
        return TokenClaims.safeParse(JSON.parse(payload)).success;
      } catch {
        return false;
      }
    };
    expect(await accepted(500, readsOnly)).toBeGreaterThan(50);
  });
});
