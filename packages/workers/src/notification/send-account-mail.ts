import { LoginLink, loginLinkMail, mailedLink } from "@concord/core/login-link";
import { securityMail, toContent } from "@concord/core/notification";
import type { PersonRepository } from "@concord/core/person";
import { SecurityEvent } from "@concord/core/security-event";
import { type BatchAnswer, type ChangeFeed, consumeRows } from "../change-feed/consume-changes.ts";
import type { Mail, MailTransport } from "./compose-mail.ts";

export interface AccountMailDependencies {
  readonly people: Pick<PersonRepository, "load">;
  readonly transport: MailTransport;
  /** One-time tokens are derived from it; at least 32 bytes. */
  readonly tokenSecret: Uint8Array;
  /** Where people reach Concord. */
  readonly baseUrl: string;
  /** The wall clock: links expire by it. */
  readonly wallNow: () => Date;
  readonly log: ChangeFeed["log"];
}

type Row = Readonly<Record<string, unknown>>;

/** What each kind of row outside the tenants calls for; undefined where nobody is to be told. */
const mailOf: Readonly<
  Record<string, (deps: AccountMailDependencies, row: Row) => Promise<Mail | undefined>>
> = {
  async LoginLink({ people, tokenSecret, baseUrl, wallNow }, row) {
    const link = LoginLink.parse(row);
    // A link is written for whatever address was typed: only here it shows whether somebody has it.
    const { person, memberships } = await people.load(link.personId);
    const isLate = link.expiresAt * 1000 <= wallNow().getTime();
    if (!person || memberships.length === 0 || isLate) return undefined;
    const draft = loginLinkMail(mailedLink(tokenSecret, link.linkId), baseUrl.replace(/\/+$/, ""));
    return {
      mailId: `login-link-${link.linkId}`,
      to: person.email,
      ...toContent(draft, person.email, "Concord"),
    };
  },

  async SecurityEvent({ people, baseUrl }, row) {
    const event = SecurityEvent.parse(row);
    const draft = securityMail(event, baseUrl.replace(/\/+$/, ""));
    const { person } = draft ? await people.load(event.personId) : {};
    if (!draft || !person) return undefined;
    return {
      mailId: `security-${event.kind}-${event.personId}-${event.at}`,
      to: person.email,
      ...toContent(draft, person.email, "Concord"),
    };
  },
};

/** Rows that `sendAccountMail` wants from the change feed. */
export const ACCOUNT_MAIL_ENTITIES: readonly string[] = Object.keys(mailOf);

/**
 * Sends what rows outside the tenants call for. A change that comes again sends its mail again, under
 * the same id: what it carries is good once all the same.
 */
export const sendAccountMail = (
  deps: AccountMailDependencies,
  batch: unknown,
): Promise<BatchAnswer> =>
  consumeRows(
    deps.log,
    batch,
    async (row) => {
      const mail = await mailOf[row.entity]?.(deps, row);
      if (mail) await deps.transport.send(mail);
    },
    ACCOUNT_MAIL_ENTITIES,
  );
