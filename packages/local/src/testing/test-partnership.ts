import type { MemberActor, MemberRole, PartnerActor, PartnerRole } from "@concord/core/actor";
import type { RequestContext } from "@concord/core/context";
import { eventOf } from "@concord/core/event";
import {
  CycleId,
  MemberId,
  OpportunityId,
  type PartnerId,
  PartnerUserId,
  PersonId,
  type TenantId,
} from "@concord/core/id";
import type { Member, NewMember, PartnerUser } from "@concord/core/member";
import { createPartner, type Partner } from "@concord/core/partner";
import {
  createProgram,
  type DecisionRights,
  type ProgramDefinition,
  type PublishedProgram,
  publishProgram,
  resellerTemplate,
} from "@concord/core/program";
import { openReview, type Review } from "@concord/core/review";
import { type FrozenCard, freezeCard } from "@concord/core/scorecard";
import type { Tenant } from "@concord/core/tenant";
import type { TenantStore } from "@concord/storage";
import type { TestStore } from "./test-store.ts";

const QUARTER = { period: "2026-Q4", span: { from: "2026-10-01", to: "2026-12-31" } };
const BEFORE = new Date("2026-09-01T12:00:00.000Z");

type Ctx = RequestContext<TenantStore>;

/** A tenant in the middle of a review: its people, one partner with theirs, an open review and its frozen card. */
export interface TestPartnership {
  readonly partner: Partner;
  readonly program: PublishedProgram;
  readonly review: Review;
  readonly card: FrozenCard;
  readonly members: Readonly<
    Record<"manager" | "sponsor" | "programManager" | "steward" | "viewer", Member>
  >;
  readonly partnerUsers: Readonly<Record<"exec" | "user", PartnerUser>>;
  /** The person acts, now or at another time. */
  as(person: Member | PartnerUser, now?: Date): Ctx;
  asSystem(now?: Date): Ctx;
}

export const actorOf = (person: Member | PartnerUser): MemberActor | PartnerActor =>
  "memberId" in person
    ? {
        kind: "member",
        personId: person.personId,
        memberId: person.memberId,
        roles: person.roles,
        duties: person.duties,
      }
    : {
        kind: "partner-user",
        personId: person.personId,
        partnerUserId: person.partnerUserId,
        partnerId: person.partnerId,
        roles: person.roles,
        duties: person.duties,
      };

/** @param name of the partner, unique in the tenant; addresses are made of it and the tenant */
export async function testPartnership(
  test: TestStore,
  tenantId: TenantId,
  {
    name = "Northwind",
    decisionRights = {},
    figureMeasures = [],
    definition = {},
  }: {
    readonly name?: string;
    readonly decisionRights?: Partial<DecisionRights>;
    readonly figureMeasures?: ProgramDefinition["figureMeasures"];
    /** Of the program, beside the template. */
    readonly definition?: Partial<ProgramDefinition>;
  } = {},
): Promise<TestPartnership> {
  const system = test.asSystem(tenantId);
  const address = (who: string) =>
    `${who}.${name}@${tenantId.slice(-6)}.example`.toLowerCase().replaceAll(" ", "-");
  const before = { ...system, now: BEFORE };
  if (!(await system.store.tenant.get())) await putTenant(before, tenantId);
  const member = (who: string, ...roles: MemberRole[]) =>
    putMember(before, { email: address(who), displayName: `${who} of ${name}`, roles });
  const members = {
    manager: await member("manager", "partner-manager"),
    sponsor: await member("sponsor", "executive-sponsor"),
    programManager: await member("programs", "program-manager"),
    steward: await member("steward", "data-steward"),
    viewer: await member("viewer", "viewer"),
  };
  const partner = await createPartner(before, {
    name,
    type: "reseller",
    lifecycleStage: "growing",
    region: "Central",
    partnerManagerId: members.manager.memberId,
    executiveSponsorId: members.sponsor.memberId,
    dataStewardId: members.steward.memberId,
  });
  const person = (who: string, role: PartnerRole) =>
    putPartnerUser(before, partner.partnerId, {
      email: address(who),
      displayName: `${who} at ${name}`,
      roles: [role],
    });
  const partnerUsers = {
    exec: await person("exec", "partner-exec"),
    user: await person("user", "partner-user"),
  };
  const contextOf = (actor: Ctx["actor"], now: Date): Ctx => ({ ...system, actor, now });
  const as = (who: Member | PartnerUser, now = system.now) => contextOf(actorOf(who), now);

  const program = await publishedProgram(as(members.programManager, BEFORE), {
    decisionRights,
    figureMeasures,
    definition,
  });
  const ids = { cycleId: system.mint(CycleId), partnerId: partner.partnerId };
  const review = openReview(
    {
      cycleId: ids.cycleId,
      programId: program.programId,
      programVersion: program.version,
      period: QUARTER.period,
      freezesAt: "2027-01-08T12:00:00.000Z",
      closesAt: "2027-01-29T12:00:00.000Z",
    },
    partner,
    system.now,
  );
  await system.store.reviews.open(review);
  const { card, chunks } = frozenCard(program, ids, system.now);
  const frozen = { revision: 1, score: card.score, rating: card.rating.status, reason: null };
  const { inputsDigest, cardDigest } = card;
  await system.store.scorecards.addInputs(card, chunks);
  await system.store.scorecards.save(
    card,
    eventOf("scorecard.frozen", system.actor, system.now, {
      ...frozen,
      inputsDigest,
      cardDigest,
    }),
  );
  return {
    ...{ partner, program, review, card, members, partnerUsers, as },
    asSystem: (now = system.now) => contextOf({ kind: "system", name: "workflow" }, now),
  };
}

interface Who<R> {
  readonly email: string;
  readonly displayName: string;
  readonly roles: R[];
}

function personOf({ mint, now }: Ctx, email: string) {
  const personId = mint(PersonId);
  const at = now.toISOString();
  const common = { personId, email, version: 1, createdAt: at };
  /** Nobody logs in here: hashing a password for each of them would cost most of a test. */
  const newPerson = { ...common, passwordHash: null };
  return {
    personId,
    newPerson,
    row: { ...common, duties: [], status: "active" as const, updatedAt: at },
  };
}

function newMember(ctx: Ctx, { roles, ...who }: Who<MemberRole>): NewMember {
  const memberId = ctx.mint(MemberId);
  const { personId, newPerson, row } = personOf(ctx, who.email);
  return {
    membership: { personId, membershipId: memberId, partnerId: null },
    newPerson,
    member: { ...row, ...who, memberId, roles },
    event: eventOf("member.added", ctx.actor, ctx.now, { personId, roles }),
  };
}

async function putTenant(ctx: Ctx, tenantId: TenantId): Promise<void> {
  const email = `owner@${tenantId.slice(-6)}.example`.toLowerCase();
  const owner = newMember(ctx, { email, displayName: "Olga Owner", roles: ["owner"] });
  const at = ctx.now.toISOString();
  const tenant: Tenant = {
    tenantId,
    name: `Tenant ${tenantId.slice(-6)}`,
    timeZone: "America/Chicago",
    fiscalYearStartMonth: 1,
    currency: "USD",
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  await ctx.store.tenant.create(
    tenant,
    eventOf("tenant.created", ctx.actor, ctx.now, tenant),
    owner,
  );
}

async function putMember(ctx: Ctx, who: Who<MemberRole>): Promise<Member> {
  const entry = newMember(ctx, who);
  await ctx.store.members.add(entry);
  return entry.member;
}

async function putPartnerUser(
  ctx: Ctx,
  partnerId: PartnerId,
  { roles, ...who }: Who<PartnerRole>,
): Promise<PartnerUser> {
  const partnerUserId = ctx.mint(PartnerUserId);
  const { personId, newPerson, row } = personOf(ctx, who.email);
  const partnerUser: PartnerUser = { ...row, ...who, partnerUserId, partnerId, roles };
  await ctx.store.partnerUsers.add({
    membership: { personId, membershipId: partnerUserId, partnerId },
    newPerson,
    partnerUser,
    event: eventOf("partner-user.added", ctx.actor, ctx.now, { personId, partnerId, roles }),
  });
  return partnerUser;
}

async function publishedProgram(
  ctx: Ctx,
  {
    decisionRights,
    figureMeasures,
    definition,
  }: {
    readonly decisionRights: Partial<DecisionRights>;
    readonly figureMeasures: ProgramDefinition["figureMeasures"];
    readonly definition: Partial<ProgramDefinition>;
  },
): Promise<PublishedProgram> {
  const template = resellerTemplate("USD");
  const draft: ProgramDefinition = {
    ...template,
    figureMeasures,
    ...definition,
    decisionRights: { ...template.decisionRights, ...decisionRights },
  };
  const created = await createProgram(ctx, { from: "draft", draft });
  const { programId } = created;
  await publishProgram(ctx, { programId, ifVersion: 1, effectiveFrom: QUARTER.period });
  const program = await ctx.store.programs.version(programId, 1);
  if (!program) throw new Error("the program was published");
  return program;
}

/** Forty deals won and twenty lost in the quarter. */
function frozenCard(
  program: PublishedProgram,
  ids: Pick<FrozenCard, "cycleId" | "partnerId">,
  now: Date,
): ReturnType<typeof freezeCard> {
  const inputs = Array.from({ length: 60 }, (_, index) => ({
    opportunityId: OpportunityId.parse(`opp_${String(index + 1).padStart(26, "0")}`),
    revision: 1,
    outcome: index < 40 ? ("won" as const) : ("lost" as const),
    engagedOn: "2026-10-05",
    closedOn: "2026-11-20",
    amountMinor: index < 40 ? 250_000 : 0,
    listAmountMinor: 260_000,
  }));
  return freezeCard({
    program,
    ...ids,
    ...QUARTER,
    inputs,
    terms: {},
    revision: 1,
    reason: null,
    now,
  });
}
