import { setTimeout as wait } from "node:timers/promises";
import type { LoginAnswer } from "@concord/core/login";
import type { LocalRuntime } from "../runtime/start-runtime.ts";
import { type ApiClient, apiClient, loggedIn } from "./api-client.ts";
import { readMail } from "./read-mail.ts";

/** Somebody who was invited. */
export interface Invitee {
  readonly name: string;
  readonly email: string;
}

type Runtime = Pick<LocalRuntime, "url" | "outbox" | "settle">;

/** The token that an invitation's mail carries. */
const TOKEN = /\bten_[0-9A-Z]{26}\.inv_[0-9A-Z]{26}\.[\w-]{43}\b/;
const PATIENCE_MILLISECONDS = 20_000;
const PAUSE_MILLISECONDS = 25;

/** The token in this message to this address; undefined where it is another message. */
export function mailedToken(message: string, email: string): string | undefined {
  const { to, text } = readMail(message);
  return to.includes(email) ? TOKEN.exec(text)?.[0] : undefined;
}

/**
 * Everybody opens their mail and accepts, one after another, with this password.
 * @returns each with what they became and a client that logs in as them
 */
export async function acceptInvitations<P extends Invitee>(
  runtime: Runtime,
  invitees: readonly P[],
  password: string,
): Promise<(P & { readonly membershipId: string; readonly api: ApiClient })[]> {
  const tokens = await tokensOf(runtime, invitees);
  const anonymous = apiClient(runtime.url);
  const joined: (P & { readonly membershipId: string; readonly api: ApiClient })[] = [];
  for (const invitee of invitees) {
    const { name: displayName, email } = invitee;
    const { body } = await anonymous.call<LoginAnswer>("/v1/invitations/accept", {
      body: { token: tokens.get(email), displayName, password },
    });
    const api = loggedIn(runtime.url, email, password);
    joined.push({ ...invitee, membershipId: body.actor.membershipId, api });
  }
  return joined;
}

/** The tokens in the outbox, once every invitee has their mail. */
async function tokensOf(
  { outbox, settle }: Runtime,
  invitees: readonly Invitee[],
): Promise<Map<string, string>> {
  const since = performance.now();
  const tokens = new Map<string, string>();
  const read = new Set<string>();
  for (;;) {
    await settle();
    for (const { mailId } of await outbox.list()) {
      if (read.has(mailId) || !mailId.startsWith("invitation-")) continue;
      read.add(mailId);
      const message = (await outbox.read(mailId)) ?? "";
      for (const { email } of invitees) {
        const token = mailedToken(message, email);
        if (token) tokens.set(email, token);
      }
    }
    const missing = invitees.find(({ email }) => !tokens.has(email));
    if (!missing) return tokens;
    if (performance.now() - since > PATIENCE_MILLISECONDS) {
      throw new Error(`no invitation has reached ${missing.email}`);
    }
    await wait(PAUSE_MILLISECONDS);
  }
}
