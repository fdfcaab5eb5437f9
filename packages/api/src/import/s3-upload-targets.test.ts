import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { s3UploadTargets } from "./s3-upload-targets.ts";

const client = new S3Client({
  region: "eu-central-1",
  credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" },
});
const targets = s3UploadTargets(client, "uploads", () => new Date("2027-01-15T12:00:00.000Z"));

describe("upload targets in the bucket", () => {
  it("are signed for one key and a quarter of an hour, and hold no secret", async () => {
    const target = await targets.targetOf({ key: "imports/ten_1/imp_1.csv" });
    const url = new URL(target.url);
    expect(url.pathname).toBe("/imports/ten_1/imp_1.csv");
    expect(url.hostname).toMatch(/^uploads\.s3\./);
    expect(url.searchParams.get("X-Amz-Date")).toBe("20270115T120000Z");
    expect(url.searchParams.get("X-Amz-Expires")).toBe("900");
    expect(target).toMatchObject({ method: "PUT", expiresAt: "2027-01-15T12:15:00.000Z" });
    expect(target.url).not.toContain("secret");
  });

  it("hold the client to the size and checksum it announced", async () => {
    const sha256 = "ab".repeat(32);
    const checksum = Buffer.from(sha256, "hex").toString("base64");
    const target = await targets.targetOf({ key: "imports/a.csv", sizeBytes: 120, sha256 });
    const signed = new URL(target.url).searchParams.get("X-Amz-SignedHeaders")?.split(";");
    expect(signed).toEqual(
      expect.arrayContaining(["content-length", "content-type", "x-amz-checksum-sha256"]),
    );
    expect(target.headers).toEqual({
      "Content-Type": "text/csv",
      "x-amz-checksum-sha256": checksum,
    });
    const other = await targets.targetOf({ key: "imports/a.csv", sizeBytes: 121, sha256 });
    const signatureOf = (url: string) => new URL(url).searchParams.get("X-Amz-Signature");
    expect(signatureOf(other.url)).not.toBe(signatureOf(target.url));
  });
});
