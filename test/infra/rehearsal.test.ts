import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences } from "./rehearsal/parity.ts";
import { emptyAccount, type Rehearsal, type State, script } from "./rehearsal/rehearse.ts";
import { graphOf } from "./rules/graph.ts";

type Change = { op: string; urn: string; new: State["resources"][number] };

const MINUTES = 60_000;
const SECRET = "set-by-hand-0123456789abcdefghijkl";

/**
 * The package's scripts that an operator runs, as they are, with nothing behind them but stand-ins for the engine and for the
 * few calls to AWS that `sst` itself makes.
 */
let account: Awaited<ReturnType<typeof emptyAccount>>;
beforeAll(async () => {
  account = await emptyAccount();
});
afterAll(() => account.close());

/** Without what the command alone makes: the stack itself and source maps. */
const ofTheGraph = (all: State["resources"]) =>
  all.filter(({ urn, type }) => type !== "pulumi:pulumi:Stack" && !/Sourcemap\d+$/.test(urn));

describe("the deployment that `pnpm run sst diff` announces", () => {
  let rehearsal: Rehearsal;
  let changes: Change[];
  const announced = () => ofTheGraph(changes.map((change) => change.new));
  beforeAll(async () => {
    rehearsal = await account.run(script("sst", "diff", "--stage", "test", "--json"));
    changes = rehearsal.exitCode === 0 ? JSON.parse(rehearsal.output) : [];
  }, 10 * MINUTES);

  it("ends well", () => {
    expect(rehearsal.errors).toBe("");
    expect(rehearsal.exitCode).toBe(0);
  });

  it("creates, in an empty account, the resources of the graph and no others", () => {
    const { resources } = graphOf("test");
    expect(new Set(changes.map(({ op }) => op))).toEqual(new Set(["create"]));
    expect(changes.length).toBeGreaterThan(200);
    expect(differences(resources, announced())).toEqual([]);
  });

  it("would differ by a verb, a name or a resource", () => {
    const { resources } = graphOf("test");
    expect(differences(resources.slice(1), announced())).toHaveLength(1);
    const [first, ...rest] = resources;
    const changed = { ...first, urn: first?.urn ?? "", inputs: { name: "another" } };
    expect(differences([changed, ...rest], announced())).toHaveLength(1);
  });
});

describe("the deployment that `pnpm run deploy` makes, after a secret was set", () => {
  let setting: Rehearsal;
  let rehearsal: Rehearsal;
  beforeAll(async () => {
    setting = await account.run(
      script("sst", "secret", "set", "CursorSecret", SECRET, "--stage", "test"),
    );
    rehearsal = await account.run(script("deploy", "--stage", "test"));
  }, 10 * MINUTES);

  it("ends well, and says where the API is", () => {
    expect([setting.exitCode, rehearsal.exitCode]).toEqual([0, 0]);
    expect(rehearsal.output).toMatch(/✓ {2}Complete[^✓]+ api: https:\/\/\S+/);
  });

  it("leaves the resources of the graph, and no others", () => {
    const { resources } = account.state("test");
    expect(differences(graphOf("test").resources, ofTheGraph(resources))).toEqual([]);
  });

  it("hands the secret to the functions", () => {
    const knowing = account
      .state("test")
      .resources.filter(({ inputs }) => JSON.stringify(inputs).includes(SECRET));
    expect(knowing.map(({ urn }) => urn.split("::").at(-1))).toEqual(
      expect.arrayContaining(["HttpAppFunction", "HttpAccountFunction"]),
    );
    expect(knowing).toHaveLength(2);
  });
});

it(
  "a deployment that AWS refuses a resource of fails, and names it",
  async () => {
    const { exitCode, output } = await account.run(
      script("sst", "deploy", "--stage", "refused"),
      "TickDeadLettersQueue",
    );
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/✕ {2}Failed\s+creating \S+ \(TickDeadLettersQueue\): AccessDenied/);
    expect(output).not.toContain("Complete");
  },
  5 * MINUTES,
);
