import { describe, expect, it } from "vitest";
import { ContributionId } from "../id/index.ts";
import { closed, exec, manager, mint, NOW, open, planned, schedule } from "./review.fixture.ts";
import { contribute, endWindow, sign } from "./review.ts";
import type { Review, Session, SignReview } from "./schema.ts";

const seen = (session: Session | undefined = closed().next) => ({ session, scorecardRevision: 2 });
const signature = (changes: Partial<SignReview> = {}): SignReview => ({
  sessionVersion: seen().session.version,
  scorecardRevision: 2,
  reservation: null,
  ...changes,
});
const partnerSigned = (changes: Partial<SignReview> = {}) =>
  sign(open(), seen(), signature(changes), exec, NOW).next;
const bothSigned = (partner: Partial<SignReview> = {}, vendor: Partial<SignReview> = {}) =>
  sign(partnerSigned(partner), seen(), signature(vendor), manager, NOW).next;
const signing = (review: Review, input = signature(), what = seen(), now = NOW) =>
  expect(() => sign(review, what, input, exec, now));

describe("signing a review", () => {
  it("keeps what each side saw and closes with the second signature", () => {
    const first = partnerSigned();
    expect(first).toMatchObject({ status: "open", version: 2, signatures: { vendor: null } });
    expect(bothSigned()).toMatchObject({
      status: "closed",
      outcome: "signed",
      unsignedBy: [],
      version: 3,
      signatures: {
        partner: {
          by: { kind: "partner-user", partnerUserId: exec.partnerUserId },
          reviewVersion: 1,
          sessionVersion: 6,
          scorecardRevision: 2,
        },
        vendor: { by: { kind: "member", memberId: manager.memberId }, reviewVersion: 2 },
      },
    });
  });

  it.each([
    { name: "the partner", partner: { reservation: "The discount figure" }, vendor: {} },
    { name: "the vendor", partner: {}, vendor: { reservation: "The discount figure" } },
  ])("says so where $name signs with reservation", ({ partner, vendor }) => {
    expect(bothSigned(partner, vendor)).toMatchObject({
      status: "closed",
      outcome: "signed-with-reservation",
    });
  });

  it.each([
    { name: "an older session", input: { sessionVersion: 5 }, code: "version-stale" },
    { name: "a session to come", input: { sessionVersion: 7 }, code: "version-stale" },
    { name: "an older scorecard", input: { scorecardRevision: 1 }, code: "version-stale" },
  ])("refuses $name as stale and says what is there", ({ input, code }) => {
    signing(open(), signature(input)).toThrow(
      expect.objectContaining({
        code,
        message: "The session is at version 6, the scorecard at revision 2",
      }),
    );
  });

  it.each([
    { name: "no session", what: { session: undefined, scorecardRevision: 1 } },
    { name: "an open session", what: { session: planned(), scorecardRevision: 1 } },
    {
      name: "no frozen scorecard",
      what: { session: closed().next, scorecardRevision: undefined },
    },
  ])("is refused with $name", ({ what }) => {
    expect(() => sign(open(), what, signature(), exec, NOW)).toThrow(
      expect.objectContaining({ code: "review-not-ready-to-sign" }),
    );
  });

  it("is refused twice for the same side", () => {
    signing(partnerSigned()).toThrow(expect.objectContaining({ code: "review-already-signed" }));
  });

  it("is refused once the review is closed, and from the end of its window on", () => {
    signing(bothSigned()).toThrow(expect.objectContaining({ code: "review-closed" }));
    const at = (instant: string) => signing(open(), signature(), seen(), new Date(instant));
    at("2027-01-29T12:00:00.000Z").toThrow(expect.objectContaining({ code: "review-closed" }));
    at("2027-01-29T11:59:59.999Z").not.toThrow();
  });
});

describe("the end of the review window", () => {
  it.each([
    { name: "nobody", review: open(), unsignedBy: ["partner", "vendor"] },
    { name: "the partner alone", review: partnerSigned(), unsignedBy: ["vendor"] },
    {
      name: "the vendor alone",
      review: sign(open(), seen(), signature(), manager, NOW).next,
      unsignedBy: ["partner"],
    },
  ])("closes as not signed where $name signed, and says who is missing", (given) => {
    const { next, event } = endWindow(given.review, schedule, new Date("2027-01-29T12:00:00Z"));
    expect(next).toMatchObject({
      status: "closed",
      outcome: "not-signed",
      unsignedBy: given.unsignedBy,
      closedAt: "2027-01-29T12:00:00.000Z",
      version: given.review.version + 1,
    });
    expect(event).toMatchObject({
      type: "review.closed",
      data: { outcome: "not-signed", unsignedBy: given.unsignedBy },
    });
  });

  it("leaves a closed review as it is", () => {
    expect(() => endWindow(bothSigned(), schedule, NOW)).toThrow(
      expect.objectContaining({ code: "review-closed" }),
    );
  });
});

describe("contributions", () => {
  const post = (review: Review, by: typeof exec | typeof manager) =>
    contribute(review, mint(ContributionId), { kind: "win", text: "A deal" }, by, NOW);

  it("S-70 come from either side and say which", () => {
    expect(post(open(), exec).next).toMatchObject({ side: "partner", kind: "win" });
    expect(post(open(), manager).next).toMatchObject({ side: "vendor" });
  });

  it("S-09 are refused from the instant on at which their window closes, and taken until then", () => {
    const until = (contributionsCloseAt: string) => ({ ...open(), contributionsCloseAt });
    expect(post(until("2027-01-15T12:00:00.001Z"), exec).next).toMatchObject({ side: "partner" });
    for (const by of [exec, manager]) {
      expect(() => post(until("2027-01-15T12:00:00.000Z"), by)).toThrow(
        expect.objectContaining({ code: "contribution-window-closed" }),
      );
    }
  });

  it("are refused by a closed review", () => {
    expect(() => post(bothSigned(), exec)).toThrow(
      expect.objectContaining({ code: "review-closed" }),
    );
  });
});
