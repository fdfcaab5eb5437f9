import { createHmac } from "node:crypto";
import { TEST_PASSWORD, type TestApi } from "@concord/local/testing";

/** An authenticator app, written after RFC 4226 and 6238 without the library that the product uses. */
export function totpOf(secret: string, at: Date): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 30_000)));
  const bits = [...secret]
    .map((symbol) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(symbol))
    .map((value) => value.toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

type Body = Record<string, unknown>;
export const bodyOf = (response: Response) => response.json() as Promise<Body>;

export interface Enrolled {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** The code of now. */
  code(): string;
}

/** Sets up a second factor for whoever's token it is, and moves on to the next step. */
export async function enrol(api: TestApi, token: string): Promise<Enrolled> {
  const begun = await api.request("/v1/me/second-factor", {
    token,
    body: { currentPassword: TEST_PASSWORD },
  });
  const { secret } = (await begun.json()) as { secret: string };
  const code = () => totpOf(secret, api.wallNow);
  const confirmed = await api.request("/v1/me/second-factor/confirm", {
    token,
    body: { code: code() },
  });
  if (!confirmed.ok) throw new Error(await confirmed.text());
  const { recoveryCodes } = (await confirmed.json()) as { recoveryCodes: string[] };
  nextStep(api);
  return { secret, recoveryCodes, code };
}

export const nextStep = (api: TestApi, steps = 1): void => {
  api.wallNow = new Date(api.wallNow.getTime() + steps * 30_000);
};
