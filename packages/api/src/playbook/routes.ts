import {
  getPlaybookChanges,
  getPlaybookDraft,
  getPlaybookPage,
  getPlaybookVersion,
  listPlaybookVersions,
  PageSlug,
  Playbook,
  type PlaybookStore,
  PlaybookVersion,
  PublishedPage,
  PublishPlaybook,
  publishPlaybook,
  VersionChanges,
  WritePlaybook,
  writePlaybook,
} from "@concord/core/playbook";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const VersionNumber = z.coerce.number().int().positive().max(99_999).meta({ example: 1 });
const VersionPath = z.object({ version: VersionNumber });
const PagePath = z.object({ slug: PageSlug });

const tag = "playbook";
const read = {
  tag,
  method: "get",
  permission: "playbook:read",
  retry: "safe",
  rate: "read",
} as const;
const change = { tag, permission: "playbook:write", retry: "conditional", rate: "write" } as const;

const getDraft = route({
  ...read,
  operationId: "getPlaybookDraft",
  summary: "Read the draft of the playbook: its pages, and which belong to which step of a cycle",
  path: "/playbook/draft",
  permission: "playbook:write",
  request: {},
  response: { status: 200, body: Playbook },
  errors: [],
});

const putDraft = route({
  ...change,
  operationId: "writePlaybook",
  summary: 'Write the draft whole; If-Match: "0" as long as there is none',
  method: "put",
  path: "/playbook/draft",
  request: { body: WritePlaybook, ifMatch: "required" },
  response: { status: 200, body: Playbook },
  errors: ["playbook-invalid"],
});

const publish = route({
  ...change,
  operationId: "publishPlaybook",
  summary: "Publish the draft as the next version, which both sides read at once",
  method: "post",
  path: "/playbook/publish",
  request: { body: PublishPlaybook, ifMatch: "required" },
  response: { status: 200, body: Playbook },
  errors: ["playbook-invalid", "playbook-unchanged"],
});

const newest = route({
  ...read,
  operationId: "getPlaybook",
  summary: "Read the contents of the playbook as it is now",
  path: "/playbook",
  request: {},
  response: { status: 200, body: PlaybookVersion },
  errors: ["playbook-version-not-found"],
});

const newestPage = route({
  ...read,
  operationId: "getPlaybookPage",
  summary: "Read a page of the playbook as it is now",
  path: "/playbook/pages/{slug}",
  request: { params: PagePath },
  response: { status: 200, body: PublishedPage },
  errors: ["playbook-version-not-found", "playbook-page-not-found"],
});

const list = route({
  ...read,
  operationId: "listPlaybookVersions",
  summary: "List the versions of the playbook, the newest first: who changed which pages when",
  path: "/playbook/versions",
  request: {},
  response: { status: 200, body: PlaybookVersion, isList: true },
  errors: [],
});

const get = route({
  ...read,
  operationId: "getPlaybookVersion",
  summary: "Read the contents of a version of the playbook",
  path: "/playbook/versions/{version}",
  request: { params: VersionPath },
  response: { status: 200, body: PlaybookVersion },
  errors: ["playbook-version-not-found"],
});

const getPage = route({
  ...read,
  operationId: "getPlaybookPageOfVersion",
  summary: "Read a page as it was in a version of the playbook",
  path: "/playbook/versions/{version}/pages/{slug}",
  request: { params: z.object({ version: VersionNumber, slug: PageSlug }) },
  response: { status: 200, body: PublishedPage },
  errors: ["playbook-version-not-found", "playbook-page-not-found"],
});

const changes = route({
  ...read,
  operationId: "getPlaybookChanges",
  summary: "Which pages a version has otherwise than another, or than none",
  path: "/playbook/versions/{version}/changes",
  request: {
    params: VersionPath,
    query: z.strictObject({ since: z.coerce.number().int().min(0).max(99_999) }),
  },
  response: { status: 200, body: VersionChanges },
  errors: ["playbook-version-not-found"],
});

const plain = <T>(body: T) => ({ body });
const versioned = (body: Playbook) => ({ body, version: body.version });

export const playbookRoutes: readonly Route<PlaybookStore>[] = [
  on(getDraft, { run: (ctx) => getPlaybookDraft(ctx), answer: versioned }),
  on(putDraft, {
    run: (ctx, { body, ifVersion }) => writePlaybook(ctx, { ifVersion, draft: body }),
    answer: versioned,
  }),
  on(publish, {
    run: (ctx, { body, ifVersion }) => publishPlaybook(ctx, { ifVersion, ...body }),
    answer: versioned,
  }),
  on(newest, { run: (ctx) => getPlaybookVersion(ctx), answer: plain }),
  on(newestPage, { run: (ctx, { params }) => getPlaybookPage(ctx, params), answer: plain }),
  on(list, {
    run: (ctx, { page }) => listPlaybookVersions(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, { run: (ctx, { params }) => getPlaybookVersion(ctx, params.version), answer: plain }),
  on(getPage, {
    run: (ctx, { params }) => getPlaybookPage(ctx, { slug: params.slug, number: params.version }),
    answer: plain,
  }),
  on(changes, {
    run: (ctx, { params, query }) =>
      getPlaybookChanges(ctx, { from: query.since, to: params.version }),
    answer: plain,
  }),
];
