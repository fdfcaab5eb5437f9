import { randomBytes } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { AuditPublicKey } from "@concord/core/audit";
import { mintIds } from "@concord/core/id";
import { defaultLimits } from "@concord/core/rate-limit";
import { z } from "zod";
import { createAppHandler } from "./app-handler.ts";
import { log, storesOfStage, TableEnvironment } from "./entry-point.ts";
import { s3UploadTargets } from "./import/s3-upload-targets.ts";
import { s3DownloadTargets } from "./tenant-export/s3-download-targets.ts";

const MIN_SECRET_LENGTH = 32;

const env = TableEnvironment.extend({
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
}).parse(process.env);

const s3 = new S3Client({});

export const handler = createAppHandler({
  openStores: storesOfStage(env),
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
  log,
  checksAnswers: false,
});
