import { TEST_PASSWORD, type TestApi, totpOf } from "@concord/local/testing";

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
