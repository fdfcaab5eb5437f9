import { describe, expect, it } from "vitest";
import { type Disclosure, decide } from "../classification/index.ts";
import { MemberId, PartnerId, PartnerUserId, PersonId } from "../id/index.ts";
import {
  acknowledgeAgreement,
  endAgreement,
  handlingOf,
  inWords,
  noneOfItsOwn,
  proposeAgreement,
  readsOf,
  setRules,
  tighten,
  usualRules,
} from "./confidentiality.ts";
import type { ConfidentialityRules, SetConfidentialityRules } from "./schema.ts";

const NOW = new Date("2027-01-15T12:00:00.000Z");
const PARTNER = PartnerId.parse("ptr_00000000000000000000000001");
const OTHER = PartnerId.parse("ptr_00000000000000000000000002");
const personId = PersonId.parse("per_00000000000000000000000001");
const owner = {
  kind: "member",
  personId,
  memberId: MemberId.parse("mem_00000000000000000000000001"),
  roles: ["owner"],
} as const;
const exec = {
  kind: "partner-user",
  personId,
  partnerUserId: PartnerUserId.parse("pus_00000000000000000000000001"),
  partnerId: PARTNER,
  roles: ["partner-exec"],
} as const;
const input = (over: Partial<SetConfidentialityRules> = {}): SetConfidentialityRules => ({
  classes: usualRules.classes,
  information: {},
  allowsAgreements: true,
  readsKeptDays: 365,
  ...over,
});
const rules = (over: Partial<SetConfidentialityRules> = {}): ConfidentialityRules =>
  setRules(usualRules, input(over), owner, NOW).next;
const eye = { side: "partner", roles: ["partner-user"] } as const;

describe("S-17 rules", () => {
  it("are refused where they hide something from an owner or admin, or are wider the narrower the class", () => {
    const classes = {
      confidential: { members: ["owner", "viewer"] as const, partners: [] },
      restricted: { members: ["owner", "admin"] as const, partners: ["partner-exec"] as const },
    };
    let places: unknown;
    try {
      setRules(usualRules, input({ classes: structuredClone(classes) as never }), owner, NOW);
    } catch (error) {
      places = error;
    }
    expect(places).toMatchObject({
      code: "confidentiality-rules-invalid",
      places: [
        { pointer: "/classes/confidential/members" },
        { pointer: "/classes/restricted/members" },
        { pointer: "/classes/restricted/partners" },
      ],
    });
  });

  it("count their changes and tell what they were before", () => {
    const { next, event } = setRules(
      usualRules,
      input({ information: { "opportunity.amount": "internal" } }),
      owner,
      NOW,
    );
    expect(next.version).toBe(1);
    expect(event.data).toMatchObject({
      information: { "opportunity.amount": "internal" },
      before: { information: {} },
    });
  });
});

describe("S-18 an agreement with a partner", () => {
  const proposal = { information: { opportunity: "shared" }, reason: "joint plan" } as const;
  const close = () => rules({ information: { "opportunity.amount": "confidential" } });
  const visible = (of: ConfidentialityRules, own = noneOfItsOwn(PARTNER), at = PARTNER) =>
    decide(
      handlingOf({ rules: of, partners: new Map([[own.partnerId, own]]) }, at),
      eye,
      "opportunity.amount",
    );

  it("is in force once both sides have acknowledged it, for this partner alone", () => {
    const { next: proposed } = proposeAgreement(
      noneOfItsOwn(PARTNER),
      proposal,
      close(),
      owner,
      NOW,
    );
    expect(visible(close(), proposed)).toBe("with-duty");
    expect(() => acknowledgeAgreement(proposed, owner, NOW)).toThrow(/acknowledged/);
    const { next: agreed, event } = acknowledgeAgreement(proposed, exec, NOW);
    expect(visible(close(), agreed)).toBe("visible");
    expect(visible(close(), agreed, OTHER)).toBe("with-duty");
    expect(event).toMatchObject({ by: { kind: "partner-user" }, data: { side: "partner" } });
    expect(agreed.agreement?.acknowledged).toMatchObject({
      vendor: { by: { memberId: owner.memberId }, at: NOW.toISOString() },
      partner: { by: { partnerUserId: exec.partnerUserId }, at: NOW.toISOString() },
    });
    expect(visible(close(), endAgreement(agreed, exec, NOW).next)).toBe("with-duty");
  });

  it("rests where the tenant's class changes, or the tenant allows none any more", () => {
    const { next: proposed } = proposeAgreement(
      noneOfItsOwn(PARTNER),
      proposal,
      close(),
      exec,
      NOW,
    );
    const { next: agreed } = acknowledgeAgreement(proposed, owner, NOW);
    const stricter = rules({ information: { "opportunity.amount": "restricted" } });
    expect(visible(stricter, agreed)).toBe("with-duty");
    expect(visible({ ...close(), allowsAgreements: false }, agreed)).toBe("with-duty");
    expect(() => proposeAgreement(noneOfItsOwn(PARTNER), proposal, usualRules, owner, NOW)).toThrow(
      /allows no agreements/,
    );
  });

  it("does not open what is kept closer for this partner", () => {
    const { next: proposed } = proposeAgreement(
      noneOfItsOwn(PARTNER),
      proposal,
      close(),
      exec,
      NOW,
    );
    const { next: agreed } = acknowledgeAgreement(proposed, owner, NOW);
    const { next } = tighten(agreed, { opportunity: "internal" }, owner, NOW);
    expect(visible(close(), next)).toBe("withheld");
  });

  it("is told in words, with what says so", () => {
    const { next: own } = tighten(
      noneOfItsOwn(PARTNER),
      { "fact-report.answer": "internal" },
      owner,
      NOW,
    );
    const { handling } = inWords({ rules: close(), partners: new Map([[PARTNER, own]]) }, PARTNER);
    const of = (name: string) => handling.find(({ information }) => information === name);
    expect(of("opportunity.amount")).toEqual({
      information: "opportunity.amount",
      what: "Opportunities: what a deal is worth",
      classification: "confidential",
      seenBy:
        "of the vendor: owner, admin, program manager, partner manager, executive sponsor, data steward; " +
        "of the partner: partner exec; and whoever has a duty on the record",
      because: "tenant",
      isReadRecorded: true,
    });
    expect(of("scorecard.amounts")?.because).toBe("derived");
    expect(of("fact-report.answer")?.because).toBe("tightened");
    expect(of("fact-report.text")?.because).toBe("usual");
  });
});

describe("totals over several partners", () => {
  it("are kept as close as those of any one of them", () => {
    const { next: own } = tighten(
      noneOfItsOwn(PARTNER),
      { "ranking.revenue": "restricted" },
      owner,
      NOW,
    );
    const partners = new Map([[PARTNER, own]]);
    const viewer = { side: "vendor", roles: ["viewer"] } as const;
    const at = (partnerId: PartnerId | null) =>
      decide(handlingOf({ rules: undefined, partners }, partnerId), viewer, "ranking.revenue");
    expect(at(OTHER)).toBe("visible");
    expect(at(null)).toBe("with-duty");
  });
});

describe("what is recorded of an answer", () => {
  const shown = (partner: number, object: string, field = "amount"): Disclosure => ({
    partnerId: PartnerId.parse(`ptr_${String(partner).padStart(26, "0")}`),
    record: "opportunity",
    objectId: object,
    field,
    classification: field === "amount" ? "confidential" : "restricted",
  });
  const by = { kind: "member", memberId: owner.memberId } as const;
  const of = (disclosures: readonly Disclosure[]) =>
    readsOf(disclosures, {
      ...{ by, operationId: "listOpportunities", now: NOW, wallNow: NOW },
      ...{ readsKeptDays: 30, place: "the cycle" },
    });

  it("is one entry for each partner and kind of record, with every object of a page", () => {
    const reads = of([shown(1, "a"), shown(1, "b"), shown(1, "b", "product"), shown(2, "c")]);
    expect(reads).toMatchObject([
      { objectIds: ["a", "b"], fields: ["amount", "product"], classification: "restricted" },
      { objectIds: ["c"], fields: ["amount"], classification: "confidential" },
    ]);
    expect(reads[0]?.expiresAt).toBe(NOW.getTime() / 1000 + 30 * 86_400);
  });

  it("is one entry of no partner where there are more than a hundred", () => {
    const many = Array.from({ length: 101 }, (_, index) => shown(index + 1, `o${index}`));
    expect(of(many)).toMatchObject([{ partnerId: null, objectIds: ["the cycle"] }]);
  });
});
