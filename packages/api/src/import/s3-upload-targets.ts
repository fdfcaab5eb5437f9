import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { UploadTargets } from "@concord/core/import";

const EXPIRES_SECONDS = 900;

/** Pre-signed PUTs to the bucket. Size and checksum, where announced, are part of the signature. */
export const s3UploadTargets = (
  client: S3Client,
  bucket: string,
  now: () => Date,
): UploadTargets => ({
  async targetOf({ key, sizeBytes, sha256 }) {
    const checksum = sha256 && Buffer.from(sha256, "hex").toString("base64");
    const signingDate = now();
    const url = await getSignedUrl(
      client,
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        ContentType: "text/csv",
        ...(sizeBytes === undefined ? {} : { ContentLength: sizeBytes }),
        ...(checksum ? { ChecksumSHA256: checksum } : {}),
      }),
      {
        expiresIn: EXPIRES_SECONDS,
        signingDate,
        unhoistableHeaders: new Set(["x-amz-checksum-sha256"]),
        signableHeaders: new Set(["content-type", "content-length", "x-amz-checksum-sha256"]),
      },
    );
    return {
      method: "PUT",
      url,
      headers: {
        "Content-Type": "text/csv",
        ...(checksum ? { "x-amz-checksum-sha256": checksum } : {}),
      },
      expiresAt: new Date(signingDate.getTime() + EXPIRES_SECONDS * 1000).toISOString(),
    };
  },
});
