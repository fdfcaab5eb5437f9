import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { UploadedFile } from "@concord/core/import";

/** An object of the bucket, streamed from its start each time it is opened. */
export const s3Object = (client: S3Client, bucket: string, key: string): UploadedFile => ({
  async *open() {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!Body) throw new Error(`the object ${key} has no body`);
    yield* Body as AsyncIterable<Uint8Array>;
  },
});
