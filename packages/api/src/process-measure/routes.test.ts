import { type Cycle, cycleIdOf } from "@concord/core/cycle";
import type { OpenDispute } from "@concord/core/dispute";
import { eventOf } from "@concord/core/event";
import { DisputeId, PartnerId, type ProgramId, type TenantId } from "@concord/core/id";
import { openReview, type Review } from "@concord/core/review";
import { ACME, GLOBEX, type TestApi, testApi, testPartnership } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

const PERIOD = "2026-Q4";
const system = { kind: "system", name: "queue" } as const;
const AT = "2027-01-08T12:00:00.000Z";
const NOW = new Date(AT);
const signature = (reservation: string | null = null) => ({
  ...{ by: system, at: AT, reviewVersion: 1, sessionVersion: 1, scorecardRevision: 1, reservation },
});

/** Ten reviews: 4 signed (1 with a reservation, 1 still open), 2 closed without, 4 open; three partners dispute. */
async function fill(api: TestApi, tenantId: TenantId, programId: ProgramId) {
  const { store } = api.store.asSystem(tenantId);
  const { mint } = api.store;
  const cycleId = cycleIdOf(programId, PERIOD);
  const cycle: Cycle = {
    ...{ cycleId, programId, programVersion: 1, period: PERIOD, currency: "USD" },
    span: { from: "2026-10-01", to: "2026-12-31" },
    ...{ timeZone: "America/Chicago", status: "frozen" },
    ...{ opensAt: AT, openedAt: AT, freezesAt: AT, closesAt: AT },
    ...{ partnerCount: 10, chunkCount: 1, kickedOffAt: AT, freezeStartedAt: AT, frozenAt: AT },
    ...{ closedAt: null, reviewsClosedAt: null, version: 1 },
  };
  await store.cycles.save(cycle, eventOf("cycle.opened", system, NOW, {}));
  const partners = Array.from({ length: 10 }, () => mint(PartnerId));
  for (const [index, partnerId] of partners.entries()) {
    const opening = {
      cycleId,
      programId,
      programVersion: 1,
      period: PERIOD,
      freezesAt: AT,
      closesAt: AT,
    };
    const review = openReview(opening, { partnerId, name: `Partner ${index}` }, NOW);
    const both = { partner: signature(index === 1 ? "Not the mix" : null), vendor: signature() };
    const closed = { status: "closed" as const, unsignedBy: [], closedAt: AT, version: 2 };
    const next: Review | undefined =
      index === 0
        ? { ...review, signatures: both, version: 2 }
        : index < 4
          ? {
              ...review,
              ...closed,
              signatures: both,
              outcome: index === 1 ? "signed-with-reservation" : "signed",
            }
          : index < 6
            ? { ...review, ...closed, outcome: "not-signed", unsignedBy: ["partner"] }
            : undefined;
    await store.reviews.open(review);
    if (next) await store.reviews.save(next, eventOf("review.signed", system, NOW, {}));
  }
  const file = async (partner: number, metricId: string, filedAt: string, closedAt?: string) => {
    const open: OpenDispute = {
      ...{ disputeId: mint(DisputeId), cycleId, partnerId: partners[partner] as PartnerId },
      ...{ partnerName: `Partner ${partner}`, programId, period: PERIOD, scorecardRevision: 1 },
      ...{
        about: "score",
        metricId,
        metricName: metricId,
        reason: "It is not so",
        filedBy: system,
      },
      ...{ evidence: { text: "See", links: [], opportunityIds: [] }, filedAt, dueOn: "2027-01-20" },
      ...{
        remindAt: null,
        remindedAt: null,
        overdueFrom: "2027-01-21T06:00:00.000Z",
        isOverdue: !closedAt,
      },
      ...{ updatedAt: filedAt, version: 1, status: "open" },
    };
    const dueAt = "2027-01-21T06:00:00.000Z";
    await store.disputes.file(open, eventOf("dispute.filed", system, NOW, {} as never), {
      ...{ kind: "dispute", subject: `${cycleId}.${open.partnerId}.${open.disputeId}`, dueAt },
    });
    if (!closedAt) return;
    const next = {
      ...open,
      status: "rejected" as const,
      closedBy: system,
      closedAt,
      answer: "No",
      version: 2,
    };
    await store.disputes.close(
      { next, event: eventOf("dispute.rejected", system, NOW, {} as never) },
      1,
    );
  };
  // In Chicago the first is filed on the 9th, late in the evening: 1, 4 and 13 days.
  await file(0, "wins", "2027-01-10T05:00:00.000Z", "2027-01-10T20:00:00.000Z");
  await file(0, "revenue", "2027-01-10T18:00:00.000Z", "2027-01-14T18:00:00.000Z");
  await file(1, "wins", "2027-01-09T18:00:00.000Z", "2027-01-22T18:00:00.000Z");
  await file(2, "wins", "2027-01-09T18:00:00.000Z");
}

describe("G-11 the process measures itself", () => {
  let api: TestApi;
  let own: Awaited<ReturnType<typeof testPartnership>>;
  let foreign: Awaited<ReturnType<typeof testPartnership>>;
  let viewer: string;
  beforeAll(async () => {
    api = await testApi();
    own = await testPartnership(api.store, ACME);
    foreign = await testPartnership(api.store, GLOBEX);
    viewer = (await api.member(ACME, "viewer")).token;
    await fill(api, ACME, own.program.programId);
    const group = { segment: "reseller.growing", region: "Central" } as const;
    const { partner, program } = own;
    await own.asSystem().store.rankings.save(
      {
        ...group,
        ...{
          partnerId: partner.partnerId,
          partnerName: partner.name,
          period: PERIOD,
          state: "frozen",
        },
        ...{ programId: program.programId, programVersion: 1, score: 71.5, shownScore: "71.5" },
        ...{ rating: { ratingId: "good", name: "Good" }, unratedReasons: [], coveragePercent: 100 },
        ...{ revenueMinor: 1, currency: "USD", source: 1, version: 1 },
      },
      [
        {
          ...group,
          ...{ period: PERIOD, currency: "USD", rated: 7, unrated: 2, revenueMinor: 1, version: 1 },
          ratings: { good: { name: "Good", partners: 7 } },
        },
      ],
    );
  });
  const read = async (token = viewer, period = PERIOD, { program } = own) => {
    const response = await api.request(
      `/v1/programs/${program.programId}/process-measures/${period}`,
      { token },
    );
    return { status: response.status, answer: await response.json() };
  };

  it("counts reviews, current scores, disputes and the days they took, the same each time", async () => {
    const first = await read();
    expect(first).toMatchObject({
      status: 200,
      answer: {
        reviews: { opened: 10, signed: 4, withReservation: 1, notSigned: 2, completionPercent: 40 },
        scores: { partners: 9, current: 7, currentPercent: 77.8 },
        disputes: {
          ...{ filed: 4, open: 1, overdue: 1, withdrawn: 0, upheld: 0, rejected: 3, partners: 3 },
          ...{ ratePercent: 30, decidedInTime: 2 },
          daysUntilDecided: { median: 4, mean: 6, longest: 13 },
        },
      },
    });
    expect(await read()).toEqual(first);
  });

  it("is the vendor's, and of its own cycles", async () => {
    const exec = (await api.partnerUser(ACME, own.partner.partnerId, "partner-exec")).token;
    expect((await read(exec)).status).toBe(403);
    const stranger = (await api.member(GLOBEX, "owner")).token;
    expect(await read(stranger)).toMatchObject({
      status: 404,
      answer: { code: "cycle-not-found" },
    });
    expect((await read(stranger, PERIOD, foreign)).status).toBe(404);
    expect((await read(viewer, "2026-Q3")).status).toBe(404);
  });
});
