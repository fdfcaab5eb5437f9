import { getObjects, putObjects } from "../infra/access.ts";
import { accountRouteKeys } from "../infra/account-paths.ts";
import { apiAlarms } from "../infra/alarms.ts";
import { namedFunction } from "../infra/function-defaults.ts";
import { handlers } from "../infra/handlers.ts";
import { isProduction } from "../infra/stage.ts";
import { tenantsOf } from "../infra/tenant-credentials.ts";
import { accountPolicy, untenantedPolicy } from "../infra/tenant-role.ts";
import type { Data } from "./data.ts";

/**
 * Of the whole API, before a function is called, and so of all tenants together: far above what one caller at 50 times its
 * limit sends, which would else use up everybody's. The limits of single callers are the functions' own.
 */
const THROTTLING = { throttlingRateLimit: 5000, throttlingBurstLimit: 5000 };

/**
 * One HTTP API in front of two functions: routing below that, authentication and CORS are their own.
 * What signs tokens reaches the account function alone; what one-time tokens are derived from, that
 * function and the one that mails them.
 * @param domain where it is reached, in a zone of Route 53 of this account; without it, under an address that AWS makes
 */
export function apiStack(
  { table, uploads, secretsKey, uploadsPrefix, exportsPrefix, tenantRoleArn }: Data,
  { domain }: { domain: string | undefined },
) {
  const signingKeys = new sst.Secret("SigningKeys");
  const cursorSecret = new sst.Secret("CursorSecret");
  const auditPublicKeys = new sst.Secret("AuditPublicKeys");
  const tokenSecret = new sst.Secret("TokenSecret");
  // Keys and prices as JSON; without them the operator bills by hand.
  const stripe = new sst.Secret("Stripe", "");
  // Separated by commas; without one no page of another origin may call the API.
  const allowedOrigins = new sst.Secret("AllowedOrigins", "");
  const api = new sst.aws.ApiGatewayV2("Api", {
    cors: false,
    ...(domain === undefined ? {} : { domain }),
    accessLog: { retention: isProduction() ? "1 year" : "2 weeks" },
    transform: {
      // Under one address alone: what is said of the domain's TLS is not true of the other.
      api: { disableExecuteApiEndpoint: domain !== undefined },
      stage: { defaultRouteSettings: THROTTLING },
    },
  });
  apiAlarms(api.nodes.api.id);
  const environment = {
    TOKEN_ISSUER: api.url,
    CURSOR_SECRET: cursorSecret.value,
    ALLOWED_ORIGINS: allowedOrigins.value,
  };
  const ofApp = tenantsOf(table, tenantRoleArn, untenantedPolicy);
  const ofAccount = tenantsOf(table, tenantRoleArn, accountPolicy);
  const app = namedFunction("HttpApp", {
    handler: handlers.api,
    description: "The HTTP API",
    memory: "1024 MB",
    timeout: "29 seconds",
    secretsKey,
    environment: {
      ...environment,
      ...ofApp.environment,
      UPLOADS_BUCKET: uploads.name,
      AUDIT_PUBLIC_KEYS: auditPublicKeys.value,
    },
    permissions: [
      ...ofApp.permissions,
      putObjects(uploads, uploadsPrefix),
      getObjects(uploads, exportsPrefix),
    ],
  });
  const account = namedFunction("HttpAccount", {
    handler: handlers.account,
    description: "Log-in, sessions and the keys of the HTTP API",
    memory: "1024 MB",
    timeout: "29 seconds",
    secretsKey,
    environment: {
      ...environment,
      ...ofAccount.environment,
      SIGNING_KEYS: signingKeys.value,
      TOKEN_SECRET: tokenSecret.value,
      STRIPE: stripe.value,
    },
    permissions: ofAccount.permissions,
  });
  api.route("$default", app.arn);
  for (const routeKey of accountRouteKeys) api.route(routeKey, account.arn);
  return { api, tokenSecret, functions: { HttpApp: app, HttpAccount: account } };
}
