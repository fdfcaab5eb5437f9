/** The rules of who may import whom. `check.mjs` beside the workspace runs them and refuses an empty run. */
const source = "^packages/[^/]+/src/";
const test = "\\.test\\.ts$";
/** What the deployed functions start from. */
const entryPoint = "^packages/(api|workers)/src/entry-point\\.ts$";
/** What only tests import: fixtures and the runtimes tests set up. */
const testSupport = "/(test-[^/]+|[^/]+\\.fixture)\\.ts$";

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "core-is-pure",
      comment: "The domain knows no AWS, no HTTP and no runtime.",
      severity: "error",
      from: { path: "^packages/core/src", pathNot: [test, testSupport] },
      to: {
        pathNot: [
          "^packages/core/src",
          "node_modules/(zod|temporal-polyfill|ulid|jose|hash-wasm|otpauth|csv-parse|csv-stringify|jsep)/",
          // Hashes and the flow of a file are computation; nothing of the runtime is asked for.
          "^(node:)?(crypto|stream)$",
        ],
      },
    },
    {
      name: "decisions-do-no-io",
      comment: "A rule is a pure function: it never meets a repository.",
      severity: "error",
      from: { path: "^packages/core/src/([^/]+)/\\1\\.ts$" },
      to: { path: "/repository\\.ts$" },
    },
    {
      name: "features-meet-at-their-index",
      severity: "error",
      from: { path: "^packages/core/src/([^/]+)/", pathNot: [test, testSupport] },
      to: {
        path: "^packages/core/src/[^/]+/",
        pathNot: ["^packages/core/src/$1/", "/index\\.ts$"],
      },
    },
    {
      name: "storage-is-chosen-at-the-root",
      severity: "error",
      from: {
        path: "^packages/(api|workers)/",
        pathNot: ["\\.(lambda|test)\\.ts$", testSupport, entryPoint],
      },
      to: { path: "^packages/storage/" },
    },
    {
      name: "storage-knows-core-alone",
      severity: "error",
      from: { path: "^packages/storage/src", pathNot: [test, testSupport] },
      to: { path: "^packages/(api|workers|local)/" },
    },
    {
      name: "keys-are-spelled-once",
      comment: "Repositories get keys opened for their tenant; only the two doors open them.",
      severity: "error",
      from: {
        path: "^packages/",
        pathNot: ["^packages/storage/src/", test],
      },
      to: { path: "^packages/storage/src/keys/" },
    },
    {
      name: "api-and-workers-do-not-meet",
      severity: "error",
      from: { path: "^packages/(api|workers)/", pathNot: [test, testSupport] },
      to: { path: "^packages/(api|workers|local)/", pathNot: "^packages/$1/" },
    },
    {
      name: "nothing-imports-a-lambda",
      severity: "error",
      from: { pathNot: test },
      to: { path: "\\.lambda\\.ts$" },
    },
    {
      name: "the-entry-point-is-for-lambdas",
      severity: "error",
      from: { pathNot: "\\.lambda\\.ts$" },
      to: { path: entryPoint },
    },
    {
      name: "infra-knows-no-stack",
      severity: "error",
      from: { path: "^infra/" },
      to: { path: "^(stacks|packages)/", pathNot: "^packages/storage/src/table\\.ts$" },
    },
    {
      name: "stacks-name-handlers-by-path",
      severity: "error",
      from: { path: "^stacks/" },
      to: { path: "^packages/" },
    },
    {
      name: "nothing-imports-a-test",
      severity: "error",
      from: { pathNot: [test, testSupport, "^packages/local/src/testing/", "^test/bench/"] },
      to: { path: [test, testSupport] },
    },
    {
      name: "testing-is-for-tests",
      severity: "error",
      from: { path: source, pathNot: [test, testSupport, "^packages/local/src/testing/"] },
      to: { path: "^packages/local/src/testing/" },
    },
    {
      name: "imports-resolve",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["^test/infra/", "(^|/)\\.sst/"] },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
    },
  },
};
