import { requirePermission } from "@concord/core/actor";
import {
  AuditEvent,
  AuditHead,
  AuditPublicKey,
  AuditQuery,
  type AuditStore,
  AuditVerification,
  auditCsv,
  auditLines,
  exportAuditEvents,
  headVerifier,
  listAuditEvents,
  listAuditHeads,
  verifyTrail,
} from "@concord/core/audit";
import { raise } from "@concord/core/error";
import type { TenantProfileStore } from "@concord/core/tenant";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

/** What one request reads at most, far below the 29 seconds it may take. */
const MOST_ROWS = 5_000;

export const list = route({
  operationId: "listAuditEvents",
  tag: "audit",
  summary: "List what was changed, by instant: of an object, by a person, or all of some days",
  method: "get",
  path: "/audit-events",
  permission: "audit:read",
  retry: "safe",
  rate: "read",
  request: { query: AuditQuery },
  response: { status: 200, body: AuditEvent, isList: true },
  errors: ["audit-range-too-long"],
});

export const csv = route({
  operationId: "exportAuditEventsCsv",
  tag: "audit",
  summary: "Export what was changed as CSV",
  method: "get",
  path: "/audit-exports/csv",
  permission: "audit:read",
  retry: "safe",
  rate: "read",
  request: { query: AuditQuery },
  response: { status: 200, body: z.string(), mediaType: "text/csv" },
  errors: ["audit-range-too-long"],
});

export const lines = route({
  operationId: "exportAuditEventsJson",
  tag: "audit",
  summary: "Export what was changed, one JSON object a line",
  method: "get",
  path: "/audit-exports/ndjson",
  permission: "audit:read",
  retry: "safe",
  rate: "read",
  request: { query: AuditQuery },
  response: { status: 200, body: z.string(), mediaType: "application/x-ndjson" },
  errors: ["audit-range-too-long"],
});

export const heads = route({
  operationId: "listAuditHeads",
  tag: "audit",
  summary: "List the signed heads of the audit chain, the newest first; keep them elsewhere",
  method: "get",
  path: "/audit-heads",
  permission: "audit:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: AuditHead, isList: true },
  errors: [],
});

export const keys = route({
  operationId: "getAuditKeys",
  tag: "audit",
  summary: "The public keys that verify the signed heads",
  method: "get",
  path: "/audit-keys",
  permission: "audit:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: {
    status: 200,
    body: z.object({ keys: z.array(AuditPublicKey) }).meta({ id: "AuditKeySet" }),
  },
  errors: [],
});

export const verification = route({
  operationId: "verifyAuditTrail",
  tag: "audit",
  summary:
    "Recompute the audit trail: chain, signatures, events and their count; names what is wrong",
  method: "get",
  path: "/audit-verification",
  permission: "audit:verify",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: AuditVerification },
  errors: [],
});

export const auditRoutes: readonly Route<AuditStore & TenantProfileStore>[] = [
  on(list, {
    run: (ctx, { query, page }) => listAuditEvents(ctx, query, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(csv, {
    run: (ctx, { query }) => exportAuditEvents(ctx, query),
    answer: (events) => ({ body: auditCsv(events) }),
  }),
  on(lines, {
    run: (ctx, { query }) => exportAuditEvents(ctx, query),
    answer: (events) => ({ body: auditLines(events) }),
  }),
  on(heads, {
    run: (ctx, { page }) => listAuditHeads(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(keys, {
    run: async ({ actor, ports }) => {
      requirePermission(actor, "audit:read");
      return { keys: ports.auditKeys };
    },
    answer: (body) => ({ body }),
  }),
  on(verification, {
    run: async (ctx) => {
      const { tenantId } = (await ctx.store.tenant.get()) ?? raise("tenant-not-found");
      const verifyHead = headVerifier(ctx.ports.auditKeys);
      return verifyTrail(ctx, { tenantId, verifyHead, mostRows: MOST_ROWS });
    },
    answer: (body) => ({ body }),
  }),
];
