import { putObjects, readTable, writeTable } from "../infra/access.ts";
import { functionArgs } from "../infra/function-defaults.ts";
import { handlers } from "../infra/handlers.ts";
import { isProduction } from "../infra/stage.ts";
import type { Data } from "./data.ts";

/** One HTTP API in front of one function: routing, authentication and CORS are the application's own. */
export function apiStack({ table, uploads, uploadsPrefix }: Data) {
  const signingKey = new sst.Secret("SigningKey");
  const cursorSecret = new sst.Secret("CursorSecret");
  const api = new sst.aws.ApiGatewayV2("Api", {
    cors: false,
    accessLog: { retention: isProduction() ? "1 year" : "2 weeks" },
  });
  const app = new sst.aws.Function(
    "HttpApp",
    functionArgs({
      handler: handlers.api,
      description: "The HTTP API",
      memory: "1024 MB",
      timeout: "29 seconds",
      environment: {
        TABLE_NAME: table.name,
        UPLOADS_BUCKET: uploads.name,
        TOKEN_ISSUER: api.url,
        SIGNING_KEY: signingKey.value,
        CURSOR_SECRET: cursorSecret.value,
      },
      permissions: [readTable(table), writeTable(table), putObjects(uploads, uploadsPrefix)],
    }),
  );
  api.route("$default", app.arn);
  return { api };
}
