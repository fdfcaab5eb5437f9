import { isProduction } from "../infra/stage.ts";
import { tableArgs } from "../infra/table.ts";

const UPLOADS_PREFIX = "imports/";
const EXPORTS_PREFIX = "exports/";

/** The table and the uploads: what must outlive every deployment. */
export function dataStack() {
  const retained = { retainOnDelete: isProduction() };
  const table = new sst.aws.Dynamo("Table", tableArgs(), retained);
  const uploads = new sst.aws.Bucket(
    "Uploads",
    {
      enforceHttps: true,
      cors: false,
      lifecycle: [
        { id: "uploads-are-read-once", prefix: UPLOADS_PREFIX, expiresIn: "30 days" },
        { id: "exports-are-fetched", prefix: EXPORTS_PREFIX, expiresIn: "7 days" },
      ],
      transform: { bucket: { forceDestroy: !isProduction() } },
    },
    retained,
  );
  return { table, uploads, uploadsPrefix: UPLOADS_PREFIX, exportsPrefix: EXPORTS_PREFIX };
}

export type Data = ReturnType<typeof dataStack>;
