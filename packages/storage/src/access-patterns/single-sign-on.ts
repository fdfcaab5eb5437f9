import { MemberId, PersonId } from "@concord/core/id";
import type { SsoConnection, SsoHandover, SsoLink, SsoLogin } from "@concord/core/single-sign-on";
import type { Stores } from "./access-patterns.ts";
import { AT, type Exercise, event, exercise, idOf, LATER } from "./access-patterns.ts";

const ISSUER = "https://login.northwind.example";
const HASH = "0".repeat(43);

const connection: SsoConnection = {
  issuer: ISSUER,
  clientId: "concord",
  sealedClientSecret: "0".repeat(100),
  isEnabled: true,
  isRequired: false,
  version: 1,
  createdAt: AT,
  updatedAt: AT,
};
const person = { memberId: idOf(MemberId), personId: idOf(PersonId) };
const link: SsoLink = { ...person, issuer: ISSUER, subject: "ada", version: 1, linkedAt: AT };
const login: SsoLogin = {
  stateHash: HASH,
  issuer: ISSUER,
  clientId: "concord",
  challenge: HASH,
  returnTo: null,
  expiresAt: LATER,
};
const handover: SsoHandover = { ...person, codeHash: HASH, challenge: HASH, expiresAt: LATER };

const nothing = async () => undefined;
const begin = ({ tenant: { ssoLogins } }: Stores) => ssoLogins.begin(login);
const handOver = ({ tenant: { ssoLogins } }: Stores) => ssoLogins.handOver(handover);

export const singleSignOnExercises: readonly Exercise[] = [
  exercise("AP-346", nothing, ({ tenant: { singleSignOn } }) => singleSignOn.get()),
  exercise("AP-347", nothing, ({ tenant: { singleSignOn } }) =>
    singleSignOn.save(connection, event("single-sign-on.connected")),
  ),
  exercise("AP-348", nothing, ({ tenant: { singleSignOn } }) =>
    singleSignOn.findLink(ISSUER, "ada"),
  ),
  exercise("AP-349", nothing, ({ tenant: { singleSignOn } }) =>
    singleSignOn.saveLink(link, event("single-sign-on.linked")),
  ),
  exercise("AP-350", nothing, begin),
  exercise("AP-351", begin, ({ tenant: { ssoLogins } }) => ssoLogins.find(HASH)),
  exercise("AP-352", begin, ({ tenant: { ssoLogins } }) => ssoLogins.take(HASH)),
  exercise("AP-353", nothing, handOver),
  exercise("AP-354", handOver, ({ tenant: { ssoLogins } }) => ssoLogins.findHandover(HASH)),
  exercise("AP-355", handOver, ({ tenant: { ssoLogins } }) => ssoLogins.takeHandover(HASH)),
];
