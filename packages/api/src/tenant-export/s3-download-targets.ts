import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { DownloadTargets } from "@concord/core/tenant-export";

const EXPIRES_SECONDS = 900;

/** Pre-signed GETs of the bucket. */
export const s3DownloadTargets = (client: S3Client, bucket: string): DownloadTargets => ({
  urlOf: (key) =>
    getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), {
      expiresIn: EXPIRES_SECONDS,
    }),
});
