import {
  type CadenceStore,
  ChangeCadence,
  changeCadence,
  endCadence,
  getCadence,
  PartnerCadence,
  type ReviewedPeriods,
} from "@concord/core/cadence";
import { PartnerId, ProgramId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import type { TenantProfileStore } from "@concord/core/tenant";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const params = z.object({ partnerId: PartnerId, programId: ProgramId });
const cadence = { tag: "cadence", path: "/partners/{partnerId}/cadence/{programId}" } as const;
const change = { ...cadence, permission: "cadence:manage", rate: "write" } as const;
const response = { status: 200, body: PartnerCadence } as const;

const get = route({
  ...cadence,
  operationId: "getPartnerCadence",
  summary: "Read how often a partner is scored in a program, what says so, and its next periods",
  method: "get",
  permission: "cadence:read",
  retry: "safe",
  rate: "read",
  request: { params },
  response,
  errors: ["partner-not-found", "program-version-not-found"],
});

const put = route({
  ...change,
  operationId: "setPartnerCadence",
  summary:
    'Give a partner a cadence of its own, for good or up to a day; If-Match: "0" where nothing was decided yet. Acts from the first boundary on at which no period of the partner is cut',
  method: "put",
  retry: "conditional",
  request: { params, body: ChangeCadence, ifMatch: "required" },
  response,
  errors: ["partner-not-found", "program-version-not-found", "cadence-never-acts"],
});

const end = route({
  ...change,
  operationId: "endPartnerCadence",
  summary: "End a partner's own cadence, from the first boundary on at which no period is cut",
  method: "delete",
  retry: "conditional",
  request: { params, ifMatch: "required" },
  response,
  errors: ["partner-not-found", "program-version-not-found", "cadence-not-decided"],
});

type Store = CadenceStore & PartnerStore & ProgramStore & ReviewedPeriods & TenantProfileStore;
const answer = (body: PartnerCadence) => ({ body, version: body.version });

export const cadenceRoutes: readonly Route<Store>[] = [
  on(get, { run: (ctx, { params: key }) => getCadence(ctx, key), answer }),
  on(put, {
    run: (ctx, { params: key, body, ifVersion }) => changeCadence(ctx, { ...key, ifVersion }, body),
    answer,
  }),
  on(end, {
    run: (ctx, { params: key, ifVersion }) => endCadence(ctx, { ...key, ifVersion }),
    answer,
  }),
];
