import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ExportFiles } from "@concord/core/tenant-export";

export const s3ExportFiles = (client: S3Client, bucket: string): ExportFiles => ({
  async put(key, content) {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
  },
});
