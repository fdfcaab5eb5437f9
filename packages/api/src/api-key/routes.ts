import {
  type ApiKey,
  type ApiKeyStore,
  ApiKeyView,
  getApiKey,
  IssueApiKey,
  IssuedApiKey,
  issueApiKey,
  listApiKeys,
  revokeApiKey,
} from "@concord/core/api-key";
import { ApiKeyId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import type { TenantProfileStore } from "@concord/core/tenant";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const ApiKeyPath = z.object({ apiKeyId: ApiKeyId });

const view = ({ secretHash: _, ...rest }: ApiKey): ApiKeyView => rest;

export const issue = route({
  operationId: "issueApiKey",
  tag: "API keys",
  summary:
    "Make a key for a machine, with scopes and an end; the key is shown this once, and acts only while you are a member and never beyond your roles",
  method: "post",
  path: "/api-keys",
  permission: "api-key:create",
  retry: "conditional",
  rate: "write",
  request: { body: IssueApiKey },
  response: { status: 201, body: IssuedApiKey },
  errors: ["api-key-scope-not-grantable", "partner-not-found", "tenant-not-found"],
});

export const list = route({
  operationId: "listApiKeys",
  tag: "API keys",
  summary: "List the tenant's API keys with issuer, scopes, end and last use, newest first",
  method: "get",
  path: "/api-keys",
  permission: "api-key:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: ApiKeyView, isList: true },
  errors: [],
});

export const get = route({
  operationId: "getApiKey",
  tag: "API keys",
  summary: "Read one API key",
  method: "get",
  path: "/api-keys/{apiKeyId}",
  permission: "api-key:read",
  retry: "safe",
  rate: "read",
  request: { params: ApiKeyPath },
  response: { status: 200, body: ApiKeyView },
  errors: ["api-key-not-found"],
});

export const revoke = route({
  operationId: "revokeApiKey",
  tag: "API keys",
  summary: "Revoke an API key; it is refused from its next request on",
  method: "post",
  path: "/api-keys/{apiKeyId}/revoke",
  permission: "api-key:revoke",
  retry: "conditional",
  rate: "write",
  request: { params: ApiKeyPath, ifMatch: "required" },
  response: { status: 200, body: ApiKeyView },
  errors: ["api-key-not-found", "api-key-revoked"],
});

export const apiKeyRoutes: readonly Route<ApiKeyStore & PartnerStore & TenantProfileStore>[] = [
  on(issue, {
    run: (ctx, { body }): Promise<ApiKey & { readonly key?: string }> =>
      issueApiKey(ctx, body, ctx.ports.newSecret()),
    // What is recorded under an Idempotency-Key is made from the saved state, which has no secret.
    answer: ({ key, ...saved }) => ({
      body: { ...view(saved), key: key ?? null },
      version: saved.version,
      location: `/api-keys/${saved.apiKeyId}`,
    }),
  }),
  on(list, {
    run: (ctx, { page }) => listApiKeys(ctx, page),
    answer: ({ items, position }) => ({ body: items.map(view), position }),
  }),
  on(get, {
    run: (ctx, { params }) => getApiKey(ctx, params.apiKeyId),
    answer: (key) => ({ body: view(key), version: key.version }),
  }),
  on(revoke, {
    run: (ctx, { params, ifVersion }) => revokeApiKey(ctx, { ...params, ifVersion }),
    answer: (key) => ({ body: view(key), version: key.version }),
  }),
];
