import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { AuditPublicKey } from "@concord/core/audit";
import { mintIds } from "@concord/core/id";
import { defaultLimits } from "@concord/core/rate-limit";
import { connectTable, openRequestStores } from "@concord/storage";
import { z } from "zod";
import { createAppHandler } from "./app-handler.ts";
import { s3UploadTargets } from "./import/s3-upload-targets.ts";

const MIN_SECRET_LENGTH = 32;

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    UPLOADS_BUCKET: z.string().min(1),
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

const table = connectTable(new DynamoDBClient({}), {
  name: env.TABLE_NAME,
  sleep,
  random: Math.random,
});

export const handler = createAppHandler({
  openStores: (request) => openRequestStores(table, request),
  issuer: env.TOKEN_ISSUER,
  limits: defaultLimits,
  cursorSecret: new TextEncoder().encode(env.CURSOR_SECRET),
  allowedOrigins: env.ALLOWED_ORIGINS,
  ports: {
    auditKeys: env.AUDIT_PUBLIC_KEYS,
    newSecret: () => randomBytes(32).toString("base64url"),
    uploads: s3UploadTargets(new S3Client({}), env.UPLOADS_BUCKET, () => new Date()),
  },
  now: () => new Date(),
  wallNow: () => new Date(),
  mint: mintIds(Date.now, Math.random),
  log: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
  checksAnswers: false,
});
