import { PartnerId } from "@concord/core/id";
import {
  CreatePartner,
  createPartner,
  getPartner,
  listPartners,
  Partner,
  type PartnerStore,
  UpdatePartner,
  updatePartner,
} from "@concord/core/partner";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const PartnerPath = z.object({ partnerId: PartnerId });

export const create = route({
  operationId: "createPartner",
  tag: "partners",
  summary: "Add a partner to the tenant",
  method: "post",
  path: "/partners",
  permission: "partner:create",
  retry: "conditional",
  rate: "write",
  request: { body: CreatePartner },
  response: { status: 201, body: Partner },
  errors: ["partner-name-taken", "member-unknown", "edition-limit-reached"],
});

export const list = route({
  operationId: "listPartners",
  tag: "partners",
  summary: "List the partners you may see, by name",
  method: "get",
  path: "/partners",
  permission: "partner:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: Partner, isList: true },
  errors: [],
});

export const get = route({
  operationId: "getPartner",
  tag: "partners",
  summary: "Read one partner",
  method: "get",
  path: "/partners/{partnerId}",
  permission: "partner:read",
  retry: "safe",
  rate: "read",
  request: { params: PartnerPath },
  response: { status: 200, body: Partner },
  errors: ["partner-not-found"],
});

export const update = route({
  operationId: "updatePartner",
  tag: "partners",
  summary: "Change a partner; what you leave out stays",
  method: "patch",
  path: "/partners/{partnerId}",
  permission: "partner:update",
  retry: "conditional",
  rate: "write",
  request: { params: PartnerPath, body: UpdatePartner, ifMatch: "required" },
  response: { status: 200, body: Partner },
  errors: ["partner-not-found", "partner-name-taken", "member-unknown"],
});

export const partnerRoutes: readonly Route<PartnerStore>[] = [
  on(create, {
    run: (ctx, { body }) => createPartner(ctx, body),
    answer: (partner) => ({
      body: partner,
      version: partner.version,
      location: `/partners/${partner.partnerId}`,
    }),
  }),
  on(list, {
    run: (ctx, { page }) => listPartners(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, {
    run: (ctx, { params }) => getPartner(ctx, params.partnerId),
    answer: (partner) => ({ body: partner, version: partner.version }),
  }),
  on(update, {
    run: (ctx, { params, body, ifVersion }) =>
      updatePartner(ctx, { partnerId: params.partnerId, ifVersion, changes: body }),
    answer: (partner) => ({ body: partner, version: partner.version }),
  }),
];
