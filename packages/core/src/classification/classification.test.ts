import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Actor, HeldDuty, MemberRole, PartnerRole } from "../actor/index.ts";
import { MemberId, PartnerId, PartnerUserId, PersonId, ProgramId } from "../id/index.ts";
import { classified, classifiedMembers, classifiedPlaces } from "./classified.ts";
import { type Classes, decide, type Handling } from "./handling.ts";
import type { Classification } from "./information.ts";
import { reveal } from "./reveal.ts";

const PARTNER = PartnerId.parse("ptr_00000000000000000000000001");
const OTHER = PartnerId.parse("ptr_00000000000000000000000002");
const ADA = MemberId.parse("mem_00000000000000000000000001");
const personId = PersonId.parse("per_00000000000000000000000001");
const member = (...roles: MemberRole[]): Actor => ({
  kind: "member",
  personId,
  memberId: ADA,
  roles,
});
const partnerUser = (...roles: PartnerRole[]): Actor => ({
  kind: "partner-user",
  personId,
  partnerUserId: PartnerUserId.parse("pus_00000000000000000000000001"),
  partnerId: PARTNER,
  roles,
});

const handling = (tenant: Classes, over: Partial<Handling> = {}): Handling => ({
  roles: {
    confidential: { members: ["owner", "admin", "data-steward"], partners: ["partner-exec"] },
    restricted: { members: ["owner", "admin"], partners: [] },
  },
  tenant,
  tightened: [],
  agreed: {},
  ...over,
});
const amount = (classification: Classification) =>
  handling({ "opportunity.amount": classification });
const viewer = { side: "vendor", roles: ["viewer"] } as const;
const steward = { side: "vendor", roles: ["viewer", "data-steward"] } as const;
const exec = { side: "partner", roles: ["partner-exec"] } as const;
const user = { side: "partner", roles: ["partner-user"] } as const;

describe("S-17 a class", () => {
  it.each([
    ["shared", "visible", "visible", "visible", "visible"],
    ["internal", "visible", "visible", "withheld", "withheld"],
    ["confidential", "with-duty", "visible", "visible", "with-duty"],
    ["restricted", "with-duty", "with-duty", "with-duty", "with-duty"],
  ] as const)(
    "%s is for the right people of both sides",
    (name, ofViewer, ofSteward, ofExec, ofUser) => {
      const of = amount(name);
      expect(decide(of, viewer, "opportunity.amount")).toBe(ofViewer);
      expect(decide(of, steward, "opportunity.amount")).toBe(ofSteward);
      expect(decide(of, exec, "opportunity.amount")).toBe(ofExec);
      expect(decide(of, user, "opportunity.amount")).toBe(ofUser);
      expect(decide(of, { side: "vendor", roles: ["owner"] }, "opportunity.amount")).toBe(
        "visible",
      );
    },
  );

  it("of a record is that of its fields without one of their own", () => {
    const of = handling({ opportunity: "internal", "opportunity.product": "shared" });
    expect(decide(of, exec, "opportunity.amount")).toBe("withheld");
    expect(decide(of, exec, "opportunity.product")).toBe("visible");
    expect(decide(of, exec, "fact-report.text")).toBe("visible");
  });

  it("holds for what is computed from it: a sum of one deal is the deal", () => {
    const of = amount("internal");
    expect(decide(of, exec, "scorecard.amounts")).toBe("withheld");
    expect(decide(of, exec, "scorecard.values")).toBe("visible");
    expect(decide(amount("restricted"), viewer, "ranking.revenue")).toBe("with-duty");
    expect(decide(amount("restricted"), viewer, "import-row.cells")).toBe("with-duty");
  });
});

describe("S-18 a rule for one partner", () => {
  it("takes away besides the tenant's, and never gives", () => {
    const closer = { tightened: [{ opportunity: "internal" }] } as const;
    expect(decide(handling({}, closer), exec, "opportunity.amount")).toBe("withheld");
    const wider = { tightened: [{ "opportunity.amount": "shared" }] } as const;
    expect(decide(handling({ opportunity: "internal" }, wider), exec, "opportunity.amount")).toBe(
      "withheld",
    );
  });

  it("that both sides agreed on stands instead of the tenant's, but not of what is kept closer", () => {
    const agreed = { "opportunity.amount": "shared" } as const;
    const tenant = { opportunity: "internal" } as const;
    expect(decide(handling(tenant, { agreed }), exec, "opportunity.amount")).toBe("visible");
    expect(decide(handling(tenant, { agreed }), exec, "opportunity.product")).toBe("withheld");
    const tightened = [{ opportunity: "internal" }] as const;
    expect(decide(handling(tenant, { agreed, tightened }), exec, "opportunity.amount")).toBe(
      "withheld",
    );
  });
});

const Deal = z.object({
  partnerId: PartnerId,
  opportunityId: z.string(),
  amount: classified("opportunity.amount", z.number().nullable()),
  owner: z.object({ memberId: z.string() }).optional(),
});

describe("a mark", () => {
  it("goes along into whatever is built from the schema that carries it", () => {
    const fields = (schema: z.ZodType) => [...(classifiedPlaces(schema)?.fields.keys() ?? [])];
    expect(fields(Deal)).toEqual(["amount"]);
    expect(fields(Deal.pick({ amount: true }).extend({ more: z.string() }))).toEqual(["amount"]);
    expect(fields(Deal.partial())).toEqual(["amount"]);
    expect(fields(z.object({ worth: Deal.shape.amount.optional() }))).toEqual(["worth"]);
    expect(fields(Deal.omit({ amount: true }))).toEqual([]);
    const Status = z.discriminatedUnion("status", [
      z.object({ status: z.literal("a") }),
      Deal.extend({ status: z.literal("b") }),
    ]);
    expect(fields(Status)).toEqual(["amount"]);
    const nested = classifiedPlaces(z.object({ all: z.array(Status).nullable() }));
    expect([...(nested?.members.get("all")?.each?.fields.keys() ?? [])]).toEqual(["amount"]);
    expect(classifiedPlaces(z.object({ amount: z.number() }))).toBeUndefined();
    expect(classifiedMembers(Status)).toEqual([]);
    expect(classifiedMembers(Deal)).toEqual(["amount"]);
  });

  it("leaves the schema itself as it was", () => {
    const plain = z.string();
    classified("fact-report.text", plain);
    expect(classifiedPlaces(z.object({ plain }))).toBeUndefined();
  });
});

describe("an answer", () => {
  const places = classifiedPlaces(z.object({ items: z.array(Deal), note: z.string() }));
  const deal = (partnerId: PartnerId, worth: number | null, memberId?: string) => ({
    ...{ partnerId, opportunityId: `opp of ${partnerId}`, amount: worth },
    ...(memberId === undefined ? {} : { owner: { memberId } }),
  });
  const look = (
    actor: Actor,
    items: readonly object[],
    of: (partnerId: PartnerId | null) => Handling,
    answersFor: (partnerId: PartnerId) => boolean | undefined = () => undefined,
  ) => {
    if (!places) throw new Error("there are marks");
    const answer = { items, note: "seen" };
    return reveal(places, answer, { actor, handlingOf: of, answersFor, place: {} });
  };

  it("lacks what is withheld and names it, also where the value is missing", () => {
    const { value, disclosures } = look(
      partnerUser("partner-user"),
      [deal(PARTNER, 5), deal(PARTNER, null)],
      () => amount("internal"),
    );
    const left = { partnerId: PARTNER, opportunityId: `opp of ${PARTNER}`, withheld: ["amount"] };
    expect(value).toEqual({ items: [left, left], note: "seen" });
    expect(disclosures).toEqual([]);
  });

  it("follows the rules of the partner that each record belongs to", () => {
    const { value } = look(member("viewer"), [deal(PARTNER, 5), deal(OTHER, 6)], (partnerId) =>
      amount(partnerId === OTHER ? "confidential" : "shared"),
    );
    expect(value).toMatchObject({ items: [{ amount: 5 }, { withheld: ["amount"] }] });
  });

  it("shows what is restricted to whoever has a duty on the record, or answers for its partner", () => {
    const restricted = () => amount("restricted");
    const seen = (value: unknown) => JSON.stringify(value).includes('"amount":5');
    expect(seen(look(member("viewer"), [deal(PARTNER, 5)], restricted).value)).toBe(false);
    expect(seen(look(member("viewer"), [deal(PARTNER, 5, ADA)], restricted).value)).toBe(true);
    const first = look(member("viewer"), [deal(PARTNER, 5)], restricted);
    expect(first.asked).toEqual([PARTNER]);
    const again = look(member("viewer"), [deal(PARTNER, 5)], restricted, () => true);
    expect(seen(again.value)).toBe(true);
    expect(again.disclosures).toEqual([
      {
        partnerId: PARTNER,
        record: "opportunity",
        objectId: `opp of ${PARTNER}`,
        field: "amount",
        classification: "restricted",
      },
    ]);
  });

  it("S-10 shows what is restricted to whoever something is assigned at the partner, or in the program", () => {
    const restricted = () => amount("restricted");
    const program = ProgramId.parse("pgm_00000000000000000000000001");
    const other = ProgramId.parse("pgm_00000000000000000000000002");
    const moderator = (site: Partial<HeldDuty>, actor: Actor = member("viewer")): Actor =>
      actor.kind === "member" || actor.kind === "partner-user"
        ? { ...actor, duties: [{ duty: "moderator", partnerId: null, programId: null, ...site }] }
        : actor;
    const seen = (actor: Actor, items: readonly object[]) => {
      const { value, asked } = look(actor, items, restricted, () => false);
      expect(asked).toEqual([]);
      return JSON.stringify(value).includes('"amount":5');
    };
    const of = (programId: string) => [{ ...deal(PARTNER, 5), programId }];
    expect(seen(moderator({ partnerId: PARTNER }), [deal(PARTNER, 5)])).toBe(true);
    expect(seen(moderator({ partnerId: OTHER }), [deal(PARTNER, 5)])).toBe(false);
    expect(seen(moderator({ programId: program }), of(program))).toBe(true);
    expect(seen(moderator({ programId: program }), of(other))).toBe(false);
    // A deal belongs to every program that reviews its partner.
    expect(seen(moderator({ programId: program }), [deal(PARTNER, 5)])).toBe(true);
    const signatory = moderator({ partnerId: PARTNER }, partnerUser("partner-user"));
    expect(seen(signatory, [deal(PARTNER, 5)])).toBe(true);
    expect(seen(partnerUser("partner-user"), [deal(PARTNER, 5)])).toBe(false);
  });

  it("keeps what is the vendor's alone from a partner's person, whatever is assigned to them", () => {
    const actor = partnerUser("partner-user");
    if (actor.kind !== "partner-user") throw new Error("it is one");
    const duties = [{ duty: "data-collector" as const, partnerId: PARTNER, programId: null }];
    const { value } = look({ ...actor, duties }, [deal(PARTNER, 5)], () => amount("internal"));
    expect(value).toMatchObject({ items: [{ withheld: ["amount"] }] });
  });

  it("tells of nothing close that it shows where nothing is close", () => {
    for (const name of ["shared", "internal"] as const) {
      const { disclosures } = look(member("owner"), [deal(PARTNER, 5)], () => amount(name));
      expect(disclosures).toEqual([]);
    }
    const { disclosures } = look(member("owner"), [deal(PARTNER, 5)], () => amount("confidential"));
    expect(disclosures).toHaveLength(1);
  });
});
