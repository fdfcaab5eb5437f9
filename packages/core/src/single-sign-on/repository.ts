import type { MemberId } from "../id/index.ts";
import type { SsoConnection, SsoHandover, SsoLink, SsoLogin } from "./schema.ts";
import type { SsoEvent, SsoLinkEvent } from "./single-sign-on.ts";

export interface StoredLink {
  readonly linkId: string;
  readonly link: SsoLink;
}

export interface SsoRepository {
  get(): Promise<SsoConnection | undefined>;
  /** @throws DomainError sso-exists | version-stale */
  save(next: SsoConnection, event: SsoEvent): Promise<void>;
  findLink(issuer: string, subject: string): Promise<SsoLink | undefined>;
  /** @throws DomainError sso-member-linked where another subject of the issuer is this member already */
  saveLink(next: SsoLink, event: SsoLinkEvent): Promise<void>;
  /** Those that were ever tied to the member, under the ids that the store knows them by. */
  linksOf(memberId: MemberId): Promise<readonly StoredLink[]>;
  /** @throws DomainError version-stale */
  eraseLink(linkId: string, next: SsoLink, event: SsoLinkEvent): Promise<void>;
}

/** What is on its way between browser, provider and client; every row is taken once. */
export interface SsoLoginRepository {
  begin(login: SsoLogin): Promise<void>;
  find(stateHash: string): Promise<SsoLogin | undefined>;
  /** @returns false where somebody else has taken it. */
  take(stateHash: string): Promise<boolean>;
  handOver(handover: SsoHandover): Promise<void>;
  findHandover(codeHash: string): Promise<SsoHandover | undefined>;
  /** @returns false where somebody else has taken it. */
  takeHandover(codeHash: string): Promise<boolean>;
}

export interface SsoStore {
  readonly singleSignOn: SsoRepository;
}

export interface SsoLoginStore extends SsoStore {
  readonly ssoLogins: SsoLoginRepository;
}
