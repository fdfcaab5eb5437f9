import { FlagId } from "@concord/core/id";
import {
  DataQualityFlag,
  FlaggedRow,
  getFlag,
  listFlaggedRows,
  listFlags,
  type SourceStore,
  WaiveFlag,
  waiveFlag,
} from "@concord/core/source";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const FlagPath = z.object({ flagId: FlagId });

export const list = route({
  operationId: "listDataQualityFlags",
  tag: "data quality",
  summary: "List data-quality flags of one status, most severe first",
  method: "get",
  path: "/data-quality-flags",
  permission: "data-quality-flag:read",
  retry: "safe",
  rate: "read",
  request: {
    query: z.strictObject({ status: DataQualityFlag.shape.status.default("open") }),
  },
  response: { status: 200, body: DataQualityFlag, isList: true },
  errors: [],
});

export const get = route({
  operationId: "getDataQualityFlag",
  tag: "data quality",
  summary: "Read one data-quality flag",
  method: "get",
  path: "/data-quality-flags/{flagId}",
  permission: "data-quality-flag:read",
  retry: "safe",
  rate: "read",
  request: { params: FlagPath },
  response: { status: 200, body: DataQualityFlag },
  errors: ["data-quality-flag-not-found"],
});

export const rows = route({
  operationId: "listFlaggedRows",
  tag: "data quality",
  summary: "List the rows behind a flag, by row",
  method: "get",
  path: "/data-quality-flags/{flagId}/rows",
  permission: "data-quality-flag:read",
  retry: "safe",
  rate: "read",
  request: { params: FlagPath },
  response: { status: 200, body: FlaggedRow, isList: true },
  errors: ["data-quality-flag-not-found"],
});

export const waive = route({
  operationId: "waiveDataQualityFlag",
  tag: "data quality",
  summary: "Accept the open rows of a flag, with a reason",
  method: "post",
  path: "/data-quality-flags/{flagId}/waive",
  permission: "data-quality-flag:waive",
  retry: "conditional",
  rate: "write",
  request: { params: FlagPath, body: WaiveFlag, ifMatch: "required" },
  response: { status: 200, body: DataQualityFlag },
  errors: ["data-quality-flag-not-found", "data-quality-flag-not-open"],
});

export const flagRoutes: readonly Route<SourceStore>[] = [
  on(list, {
    run: (ctx, { query, page }) => listFlags(ctx, query.status, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, {
    run: (ctx, { params }) => getFlag(ctx, params.flagId),
    answer: (flag) => ({ body: flag, version: flag.version }),
  }),
  on(rows, {
    run: (ctx, { params, page }) => listFlaggedRows(ctx, params.flagId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(waive, {
    run: (ctx, { params, body, ifVersion }) => waiveFlag(ctx, { ...params, ...body, ifVersion }),
    answer: (flag) => ({ body: flag, version: flag.version }),
  }),
];
