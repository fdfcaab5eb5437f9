import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { AuditPublicKey } from "@concord/core/audit";
import { mintIds } from "@concord/core/id";
import { defaultLimits } from "@concord/core/rate-limit";
import { connectTable, openRequestStores, tenantTables } from "@concord/storage";
import { z } from "zod";
import { createAppHandler } from "./app-handler.ts";
import { stsTenantRole } from "./auth/sts-tenant-role.ts";
import { s3UploadTargets } from "./import/s3-upload-targets.ts";
import { s3DownloadTargets } from "./tenant-export/s3-download-targets.ts";

const MIN_SECRET_LENGTH = 32;

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    UPLOADS_BUCKET: z.string().min(1),
    /** Where the stage gives each tenant's requests credentials of their own. */
    TENANT_ROLE_ARN: z.string().min(1).optional(),
    CURSOR_SECRET: z.string().min(MIN_SECRET_LENGTH),
    TOKEN_ISSUER: z.url(),
    /** Public JWKs as a JSON array. */
    AUDIT_PUBLIC_KEYS: z
      .string()
      .transform((text) => z.array(AuditPublicKey).parse(JSON.parse(text))),
    /** Separated by commas. */
    ALLOWED_ORIGINS: z
      .string()
      .default("")
      .transform((list) => list.split(",").filter((origin) => origin !== "")),
  })
  .parse(process.env);

const s3 = new S3Client({});
const place = { name: env.TABLE_NAME, sleep, random: Math.random };
const dynamo = new DynamoDBClient({});
const table = connectTable(dynamo, place);
const { requestHandler } = dynamo.config;
const tableOf =
  env.TENANT_ROLE_ARN === undefined
    ? undefined
    : tenantTables({
        assume: stsTenantRole(new STSClient({}), env.TENANT_ROLE_ARN),
        // One set of sockets serves them all.
        connect: (credentials) =>
          connectTable(new DynamoDBClient({ credentials, requestHandler }), place),
        now: Date.now,
      });

export const handler = createAppHandler({
  openStores: (request) => openRequestStores(table, { ...request, tableOf }),
  issuer: env.TOKEN_ISSUER,
  limits: defaultLimits,
  cursorSecret: new TextEncoder().encode(env.CURSOR_SECRET),
  allowedOrigins: env.ALLOWED_ORIGINS,
  ports: {
    auditKeys: env.AUDIT_PUBLIC_KEYS,
    newSecret: () => randomBytes(32).toString("base64url"),
    uploads: s3UploadTargets(s3, env.UPLOADS_BUCKET, () => new Date()),
    downloads: s3DownloadTargets(s3, env.UPLOADS_BUCKET),
  },
  now: () => new Date(),
  wallNow: () => new Date(),
  mint: mintIds(Date.now, Math.random),
  log: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
  checksAnswers: false,
});
