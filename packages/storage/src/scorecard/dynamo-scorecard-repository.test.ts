import type { RequestContext } from "@concord/core/context";
import { CycleId, PartnerId } from "@concord/core/id";
import { createPartner } from "@concord/core/partner";
import {
  type FactStore,
  freezeScorecard,
  getFrozenScorecard,
  getLateChanges,
  listScorecardInputs,
  listScorecardRevisions,
  replayScorecard,
  reviseScorecard,
} from "@concord/core/scorecard";
import { ACME, GLOBEX, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { hasVersion, isNew } from "../dynamo-table/condition.ts";
import { tenantKeys } from "../keys/index.ts";
import type { TenantStore } from "../tenant-store.ts";
import { factOf, factStore, factsOf, PROGRAM, program, SPAN } from "./frozen-facts.fixture.ts";

type Test = Awaited<ReturnType<typeof testStore>>;
type Ctx = RequestContext<TenantStore>;

const over = <C extends Ctx>(ctx: C, facts: FactStore) => ({
  ...ctx,
  store: { ...ctx.store, ...facts },
});

describe("frozen scorecards in the table", () => {
  let test: Test;
  beforeAll(async () => {
    test = await testStore();
  });

  let cycles = 0;
  /** A review of its own for each test. */
  const review = () => {
    cycles += 1;
    return {
      cycleId: CycleId.parse(`cyc_${String(cycles).padStart(26, "0")}`),
      partnerId: test.mint(PartnerId),
    };
  };
  const asSystem = (facts: FactStore, tenantId = ACME) => over(test.asSystem(tenantId), facts);
  const frozen = (key: ReturnType<typeof review>, facts: FactStore, tenantId = ACME) =>
    freezeScorecard(asSystem(facts, tenantId), {
      ...key,
      program,
      period: "2026-Q4",
      span: SPAN,
    });
  const publish = (tenantId = ACME) => {
    const keys = tenantKeys(tenantId);
    const row = { ...program, ...keys.programVersion(PROGRAM, 1), entity: "PublishedProgram" };
    return test.table.put({ ...row, schemaVersion: 1 }, isNew);
  };

  it("G-02 freeze once: a repeat changes nothing and answers with the stored card", async () => {
    const key = review();
    const facts = factsOf(key.partnerId);
    const first = await frozen(
      key,
      factStore(() => facts),
    );
    expect(first).toMatchObject({ isNew: true, differences: [], card: { revision: 1 } });
    const changed = factStore(() => facts.slice(1));
    expect(await frozen(key, changed)).toEqual({ card: first.card, isNew: false, differences: [] });
  });

  it("let one of two concurrent freezes with different facts win, with its own inputs alone", async () => {
    const key = review();
    const facts = factsOf(key.partnerId);
    const outcomes = await Promise.all([
      frozen(
        key,
        factStore(() => facts),
      ),
      frozen(
        key,
        factStore(() => facts.slice(5)),
      ),
    ]);
    expect(outcomes.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(outcomes[0]?.card).toEqual(outcomes[1]?.card);
    await publish();
    const ctx = test.asMember(ACME, "viewer");
    expect(await replayScorecard(ctx, key)).toMatchObject({ isIdentical: true });
    expect(await inputRows(key)).toBe(1);
  });

  const inputRows = async (key: ReturnType<typeof review>, tenantId = ACME) => {
    const keys = tenantKeys(tenantId);
    const { pk } = keys.card(key, 1);
    const { items } = await test.table.query({ pk, sort: { prefix: keys.cardInputsPrefix(1) } });
    return items.length;
  };

  it("clear away the inputs of an attempt that died before its commit", async () => {
    const key = review();
    const facts = factsOf(key.partnerId);
    const dies = asSystem(factStore(() => facts));
    const save = () => Promise.reject(new Error("killed"));
    const scorecards = { ...dies.store.scorecards, save };
    const input = { ...key, program, period: "2026-Q4", span: SPAN };
    await expect(
      freezeScorecard({ ...dies, store: { ...dies.store, scorecards } }, input),
    ).rejects.toThrow("killed");
    expect(await inputRows(key)).toBe(1);
    const { card, isNew } = await frozen(
      key,
      factStore(() => facts.slice(2)),
    );
    expect([isNew, card.inputCount]).toEqual([true, 28]);
    expect(await inputRows(key)).toBe(1);
  });

  it("report a rollup that differs from the facts, and count the facts", async () => {
    const key = review();
    const facts = factsOf(key.partnerId);
    const { opportunities } = factStore(() => facts);
    const { liveNumbers } = factStore(() => facts.slice(1));
    const { card, differences } = await frozen(key, { opportunities, liveNumbers });
    expect(card.sums.inPeriod.wonCount).toBe(20);
    expect(differences).toContainEqual({
      month: "2026-11",
      counter: "wonCount",
      stored: 19,
      recounted: 20,
    });
  });

  it("read the facts again while they are changing, and give up rather than freeze a mixture", async () => {
    const key = review();
    const facts = factsOf(key.partnerId);
    let version = 0;
    let settles = 3;
    const unsettled = factStore(
      () => facts,
      () => (settles-- > 0 ? ++version : version),
    );
    expect((await frozen(key, unsettled)).isNew).toBe(true);
    const restless = factStore(
      () => facts,
      () => ++version,
    );
    await expect(frozen(review(), restless)).rejects.toMatchObject({
      code: "scorecard-facts-changing",
    });
  });

  it("G-02 replay in a process that has only the stored rows, and fail when one was altered", async () => {
    const key = review();
    await publish();
    const facts = factsOf(key.partnerId);
    await frozen(
      key,
      factStore(() => facts),
    );
    const ctx = test.asMember(ACME, "viewer");
    expect(await replayScorecard(ctx, key)).toEqual({
      revision: 1,
      isIdentical: true,
      differences: [],
    });
    const keys = tenantKeys(ACME);
    const row = await test.table.get(keys.card(key, 1));
    await test.table.put({ ...row, score: 99 }, hasVersion(1));
    expect(await replayScorecard(ctx, key)).toMatchObject({
      isIdentical: false,
      differences: [{ at: "/score", stored: "99" }, { at: "/cardDigest" }],
    });
  });

  it("G-02 replay finds a stored input that was altered", async () => {
    const key = review();
    await publish();
    await frozen(
      key,
      factStore(() => factsOf(key.partnerId)),
    );
    const { pk } = tenantKeys(ACME).card(key, 1);
    const sort = { prefix: tenantKeys(ACME).cardInputsPrefix(1) };
    const [row] = (await test.table.query({ pk, sort })).items;
    const lines = String(row?.["lines"]).replace("|200001|", "|200002|");
    await test.table.put(
      { ...row, lines },
      { expression: "attribute_exists(#pk)", names: { "#pk": "pk" } },
    );
    const { differences } = await replayScorecard(test.asMember(ACME, "viewer"), key);
    expect(differences.map(({ at }) => at)).toEqual(
      expect.arrayContaining(["/inputsDigest", "/sums/inPeriod/wonAmount"]),
    );
  });

  it("G-04 show late changes with their effect, and apply them only as a new revision", async () => {
    const key = review();
    await publish();
    const facts = factsOf(key.partnerId);
    const { card } = await frozen(
      key,
      factStore(() => facts),
    );
    const corrected = facts.with(0, {
      ...factOf(key.partnerId, 1),
      amountMinor: 9_000_000,
      revision: 2,
    });
    const manager = over(
      test.asMember(ACME, "program-manager"),
      factStore(() => corrected),
    );
    const late = await getLateChanges(manager, key);
    expect(late.changes).toMatchObject([{ kind: "changed", before: { revision: 1 } }]);
    expect(await getFrozenScorecard(manager, key)).toEqual(card);

    const next = await reviseScorecard(manager, { ...key, ifVersion: 1, reason: "Wrong amount" });
    expect(next).toMatchObject({ revision: 2, reason: "Wrong amount", score: late.scoreAfter });
    expect(await getFrozenScorecard(manager, { ...key, revision: 1 })).toEqual(card);
    expect((await getFrozenScorecard(manager, key)).revision).toBe(2);
    const { items } = await listScorecardRevisions(manager, key, { limit: 50 });
    expect(items.map(({ revision }) => revision)).toEqual([2, 1]);
    for (const revision of [1, 2]) {
      expect(await replayScorecard(manager, { ...key, revision })).toMatchObject({
        revision,
        isIdentical: true,
      });
    }
    expect(await manager.store.scorecards.latestRevision(key)).toBe(2);
  });

  it("refuse a revision that changes nothing, one of an old version, and one by a viewer", async () => {
    const key = review();
    await publish();
    const facts = factStore(() => factsOf(key.partnerId));
    await frozen(key, facts);
    const input = { ...key, ifVersion: 1, reason: "Again" };
    const manager = over(test.asMember(ACME, "program-manager"), facts);
    await expect(reviseScorecard(manager, input)).rejects.toMatchObject({
      code: "scorecard-unchanged",
    });
    await expect(reviseScorecard(manager, { ...input, ifVersion: 2 })).rejects.toMatchObject({
      code: "version-stale",
    });
    const viewer = over(test.asMember(ACME, "viewer"), facts);
    await expect(reviseScorecard(viewer, input)).rejects.toMatchObject({
      code: "permission-denied",
    });
    expect(await test.asMember(ACME, "viewer").store.scorecards.latestRevision(key)).toBe(1);
  });

  it("S-32 list every fact behind the number once, page by page across chunks", async () => {
    const key = review();
    await frozen(
      key,
      factStore(() => factsOf(key.partnerId, 1_150)),
    );
    const ctx = test.asPartner(ACME, key.partnerId, "partner-user");
    const seen: string[] = [];
    let position: string | undefined;
    let pages = 0;
    do {
      const page = await listScorecardInputs(ctx, key, { limit: 100, position });
      seen.push(...page.items.map(({ opportunityId }) => opportunityId));
      position = page.position;
      pages += 1;
    } while (position !== undefined);
    expect(pages).toBe(12);
    expect(new Set(seen).size).toBe(1_150);
    expect(seen).toEqual(seen.toSorted());
    await expect(
      listScorecardInputs(ctx, key, { limit: 10, position: "nonsense" }),
    ).rejects.toMatchObject({ code: "cursor-invalid" });
  });

  it("keep tenants and partners apart: what is not theirs does not exist", async () => {
    const key = review();
    await frozen(
      key,
      factStore(() => factsOf(key.partnerId)),
    );
    const theirs = await frozen(
      key,
      factStore(() => factsOf(key.partnerId, 3)),
      GLOBEX,
    );
    expect(theirs.isNew).toBe(true);
    expect((await getFrozenScorecard(test.asMember(ACME, "viewer"), key)).inputCount).toBe(30);
    expect((await getFrozenScorecard(test.asMember(GLOBEX, "viewer"), key)).inputCount).toBe(3);

    const { partnerId } = await createPartner(test.asMember(ACME, "admin"), {
      name: "Other",
      type: "reseller",
      lifecycleStage: "growing",
      region: "East",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
    const stranger = test.asPartner(ACME, partnerId, "partner-user");
    const missing = { code: "scorecard-not-found", message: "Scorecard not found" };
    await expect(getFrozenScorecard(stranger, key)).rejects.toMatchObject(missing);
    await expect(replayScorecard(stranger, key)).rejects.toMatchObject(missing);
    await expect(listScorecardInputs(stranger, key, { limit: 5 })).rejects.toMatchObject(missing);
    await expect(getFrozenScorecard(stranger, review())).rejects.toMatchObject(missing);
  });

  it("are frozen by the system alone", async () => {
    const key = review();
    const owner = over(
      test.asMember(ACME, "owner"),
      factStore(() => factsOf(key.partnerId)),
    );
    const input = { ...key, program, period: "2026-Q4", span: SPAN };
    await expect(freezeScorecard(owner, input)).rejects.toMatchObject({
      code: "permission-denied",
    });
  });
});
