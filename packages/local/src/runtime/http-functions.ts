import { randomBytes } from "node:crypto";
import { createAccountHandler, createAppHandler } from "@concord/api";
import { AuditPublicKey } from "@concord/core/audit";
import type { UploadTargets } from "@concord/core/import";
import { type LoginLimits, loginLimits } from "@concord/core/login-limit";
import { hashPassword } from "@concord/core/person";
import { defaultLimits, type Limits } from "@concord/core/rate-limit";
import type { DownloadTargets } from "@concord/core/tenant-export";
import { openRequestStores, type Table } from "@concord/storage";
import { isAccountPath } from "../../../../infra/account-paths.ts";
import type { GatewayOptions } from "../gateway/index.ts";
import { mint } from "./mint.ts";
import type { RuntimeSecrets } from "./runtime-secrets.ts";

/** On one's own machine a whole demo runs as one person; ten times the burst leaves it room. */
const localLimits: Limits = {
  ...defaultLimits,
  write: { ...defaultLimits.write, burst: defaultLimits.write.burst * 10 },
};

/** All of a demo's people log in from one network. */
const localLoginLimits: LoginLimits = {
  ...loginLimits,
  prefix: { ...loginLimits.prefix, burst: loginLimits.prefix.burst * 10 },
};

const newSecret = () => randomBytes(32).toString("base64url");

/** Both functions of the API behind one origin: a path leads to the one that API Gateway would call. */
export function httpFunctions({
  table,
  secrets,
  publicUrl,
  uploads,
  downloads,
  now,
  log,
}: {
  readonly table: Table;
  readonly secrets: RuntimeSecrets;
  /** Address of the gateway. */
  readonly publicUrl: () => string;
  readonly uploads: UploadTargets;
  readonly downloads: DownloadTargets;
  /** The business clock. */
  readonly now: () => Date;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}): GatewayOptions["handler"] {
  const both = {
    openStores: (request: { readonly requestId: string }) => openRequestStores(table, request),
    issuer: "https://concord.invalid",
    limits: localLimits,
    cursorSecret: Buffer.from(secrets.cursorSecret, "base64url"),
    allowedOrigins: [],
    now,
    wallNow: () => new Date(),
    mint,
    log,
    checksAnswers: true,
  };
  const account = createAccountHandler({
    ...both,
    loginLimits: localLoginLimits,
    hashPassword,
    signingKeys: secrets.signingKeys,
    tokenSecret: Buffer.from(secrets.tokenSecret, "base64url"),
    singleSignOn: { publicUrl, allowsLoopback: true },
    payments: undefined,
    newSecret,
  });
  const app = createAppHandler({
    ...both,
    ports: { uploads, downloads, newSecret, auditKeys: [AuditPublicKey.parse(secrets.auditKey)] },
  });
  return (event, context) =>
    (isAccountPath(event.rawPath) ? account : app)(event as never, context as never);
}
