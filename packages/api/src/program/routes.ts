import { ProgramId } from "@concord/core/id";
import {
  CreateProgram,
  createProgram,
  getCriteria,
  getDraftChanges,
  getProgram,
  getProgramVersion,
  getVersionChanges,
  listPrograms,
  listProgramVersions,
  Program,
  ProgramChanges,
  type ProgramStore,
  PublishedCriteria,
  PublishedProgram,
  PublishProgram,
  publishProgram,
  UpdateProgramDraft,
  updateProgramDraft,
} from "@concord/core/program";
import type { TenantProfileStore } from "@concord/core/tenant";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const ProgramPath = z.object({ programId: ProgramId });
const VersionPath = ProgramPath.extend({ version: z.coerce.number().int().min(1).max(99_999) });
const common = { tag: "programs" } as const;

const create = route({
  ...common,
  operationId: "createProgram",
  summary: "Start the draft of a program, from a template for a kind of partner or your own",
  method: "post",
  path: "/programs",
  permission: "program:write",
  retry: "conditional",
  rate: "write",
  request: { body: CreateProgram },
  response: { status: 201, body: Program },
  errors: [],
});

const list = route({
  ...common,
  operationId: "listPrograms",
  summary: "List the programs with their drafts, oldest first",
  method: "get",
  path: "/programs",
  permission: "program:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: Program, isList: true },
  errors: [],
});

const get = route({
  ...common,
  operationId: "getProgram",
  summary: "Read a program: its draft and what was published last",
  method: "get",
  path: "/programs/{programId}",
  permission: "program:read",
  retry: "safe",
  rate: "read",
  request: { params: ProgramPath },
  response: { status: 200, body: Program },
  errors: ["program-not-found"],
});

const update = route({
  ...common,
  operationId: "updateProgramDraft",
  summary: "Change the draft; what you leave out stays, lists are replaced whole",
  method: "patch",
  path: "/programs/{programId}/draft",
  permission: "program:write",
  retry: "conditional",
  rate: "write",
  request: { params: ProgramPath, body: UpdateProgramDraft, ifMatch: "required" },
  response: { status: 200, body: Program },
  errors: ["program-not-found"],
});

const publish = route({
  ...common,
  operationId: "publishProgram",
  summary: "Publish the draft as a new version; all its faults are named at once",
  method: "post",
  path: "/programs/{programId}/publish",
  permission: "program:publish",
  retry: "conditional",
  rate: "write",
  request: { params: ProgramPath, body: PublishProgram, ifMatch: "required" },
  response: { status: 200, body: Program },
  errors: ["program-not-found", "program-not-publishable", "edition-limit-reached"],
});

const listVersions = route({
  ...common,
  operationId: "listProgramVersions",
  summary: "List the published versions of a program, oldest first",
  method: "get",
  path: "/programs/{programId}/versions",
  permission: "program-version:read",
  retry: "safe",
  rate: "read",
  request: { params: ProgramPath },
  response: { status: 200, body: PublishedProgram, isList: true },
  errors: ["program-not-found"],
});

const getVersion = route({
  ...common,
  operationId: "getProgramVersion",
  summary: "Read a published version: what is measured, how, and with which weight",
  method: "get",
  path: "/programs/{programId}/versions/{version}",
  permission: "program-version:read",
  retry: "safe",
  rate: "read",
  request: { params: VersionPath },
  response: { status: 200, body: PublishedProgram },
  errors: ["program-version-not-found"],
});

const getChanges = route({
  ...common,
  operationId: "getProgramVersionChanges",
  summary:
    "What a published version changed over the one before it, or over the one you name, in words",
  method: "get",
  path: "/programs/{programId}/versions/{version}/changes",
  permission: "program-version:read",
  retry: "safe",
  rate: "read",
  request: {
    params: VersionPath,
    query: z.strictObject({ since: VersionPath.shape.version.optional() }),
  },
  response: { status: 200, body: ProgramChanges },
  errors: ["program-version-not-found"],
});

const criteria = route({
  ...common,
  operationId: "getProgramCriteria",
  summary:
    "What partners are reviewed by, in words: weights, scales, ratings, windows, feedback, approval of plans",
  method: "get",
  path: "/programs/{programId}/criteria",
  permission: "program-version:read",
  retry: "safe",
  rate: "read",
  request: {
    params: ProgramPath,
    query: z.strictObject({ version: VersionPath.shape.version.optional() }),
  },
  response: { status: 200, body: PublishedCriteria },
  errors: ["program-version-not-found"],
});

const getChangesOfDraft = route({
  ...common,
  operationId: "getProgramDraftChanges",
  summary: "What publishing the draft would change over the version published last, in words",
  method: "get",
  path: "/programs/{programId}/draft/changes",
  permission: "program:read",
  retry: "safe",
  rate: "read",
  request: { params: ProgramPath },
  response: { status: 200, body: ProgramChanges },
  errors: ["program-not-found"],
});

const answer = (program: Program) => ({ body: program, version: program.version });

export const programRoutes: readonly Route<ProgramStore & TenantProfileStore>[] = [
  on(create, {
    run: (ctx, { body }) => createProgram(ctx, body),
    answer: (program) => ({ ...answer(program), location: `/programs/${program.programId}` }),
  }),
  on(list, {
    run: (ctx, { page }) => listPrograms(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, { run: (ctx, { params }) => getProgram(ctx, params.programId), answer }),
  on(update, {
    run: (ctx, { params, body, ifVersion }) =>
      updateProgramDraft(ctx, { programId: params.programId, ifVersion, changes: body }),
    answer,
  }),
  on(publish, {
    run: (ctx, { params, body, ifVersion }) =>
      publishProgram(ctx, { programId: params.programId, ifVersion, ...body }),
    answer,
  }),
  on(listVersions, {
    run: (ctx, { params, page }) => listProgramVersions(ctx, params.programId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(getVersion, {
    run: (ctx, { params }) => getProgramVersion(ctx, params),
    answer: (version) => ({ body: version }),
  }),
  on(getChanges, {
    run: (ctx, { params, query }) => getVersionChanges(ctx, { ...params, ...query }),
    answer: (changes) => ({ body: changes }),
  }),
  on(criteria, {
    run: (ctx, { params, query }) => getCriteria(ctx, { ...params, ...query }),
    answer: (published) => ({ body: published }),
  }),
  on(getChangesOfDraft, {
    run: (ctx, { params }) => getDraftChanges(ctx, params.programId),
    answer: (changes) => ({ body: changes }),
  }),
];
