import { isDeepStrictEqual } from "node:util";
import type { ActionItem } from "@concord/core/action-item";
import type { Cycle } from "@concord/core/cycle";
import type { DevelopmentPlan } from "@concord/core/development-plan";
import type { Import } from "@concord/core/import";
import type { PartnerUser } from "@concord/core/member";
import type { Partner } from "@concord/core/partner";
import type { RankingEntry } from "@concord/core/ranking";
import type { Contribution, Review } from "@concord/core/review";
import type { Card, FrozenCard, Scorecard } from "@concord/core/scorecard";
import { readMail } from "../../../packages/local/src/demo/read-mail.ts";
import type { Outbox } from "../../../packages/local/src/outbox/index.ts";
import type { Client } from "./client.fixture.ts";
import { changesBetween, PARTNERS, type Row, type Sums, sumsOf } from "./data.fixture.ts";
import type { Acknowledged } from "./journey.fixture.ts";
import type { Tenant } from "./tenant.fixture.ts";

const LAST_QUARTER = { period: "2026-Q4", from: "2026-10-01", to: "2026-12-31" };
const QUARTER = { period: "2027-Q1", from: "2027-01-01", to: "2027-03-31" };

/** What is there, each section in an order of its own, so that a row lost or doubled shows. */
export type World = Readonly<Record<string, unknown>>;

interface Fact {
  readonly externalId: string;
  readonly stage: string;
  readonly amount: { readonly amount: string } | null;
}

type CycleWithProgress = Cycle & {
  readonly progress: { readonly cardsFrozen: number; readonly rollupsRepaired: number } | null;
};

const factLine = (id: string, stage: string, amount: number) => `${id} ${stage} ${amount}`;

/** Revenue in whole US dollars, then what was won, lost and begun. */
const figuresOf = ({ sums: { inPeriod } }: Card) => [
  inPeriod.wonAmount / 100,
  inPeriod.wonCount,
  inPeriod.lostCount,
  inPeriod.createdCount,
];

const figuresFrom = ({ revenue, won, lost, created }: Sums) => [revenue, won, lost, created];

/** As the vendor sees it through the API, and the outbox. @param api of somebody who may see all of it */
export async function worldOf(api: Client, outbox: Outbox): Promise<World> {
  const get = async <T>(path: string): Promise<T> => (await api.call<T>(path)).body;
  const partners = (await api.list<Partner>("/v1/partners")).toSorted((one, other) =>
    one.name.localeCompare(other.name),
  );
  const nameOf = new Map(partners.map(({ partnerId, name }) => [String(partnerId), name]));
  const ofEach = async <T>(read: (partner: Partner) => Promise<T>): Promise<[string, T][]> => {
    const found: [string, T][] = [];
    for (const partner of partners) found.push([partner.name, await read(partner)]);
    return found;
  };
  const cycles = (await api.list<Cycle>("/v1/review-cycles")).toSorted((one, other) =>
    one.period.localeCompare(other.period),
  );
  const closed = cycles[0];
  const cycleId = closed?.cycleId ?? "";
  const reviewsOf = async ({ cycleId: id, period, status }: Cycle) => {
    const reviews = await api.list<Review>(`/v1/review-cycles/${id}/reviews`);
    return [period, status, reviews.map(({ partnerName }) => partnerName).sort()];
  };
  const { progress } = await get<CycleWithProgress>(`/v1/review-cycles/${cycleId}`);
  const cardOf = ({ partnerId }: Partner) =>
    get<FrozenCard>(`/v1/review-cycles/${cycleId}/scorecards/${partnerId}`);
  const frozen = await ofEach(cardOf);
  const live = await ofEach(({ partnerId }) =>
    get<Scorecard>(`/v1/partners/${partnerId}/scorecards/${LAST_QUARTER.period}`),
  );
  const rankingOf = async (period: string) =>
    (await api.list<RankingEntry>(`/v1/rankings/${period}`))
      .map(({ partnerId, score }) => [nameOf.get(partnerId) ?? partnerId, score])
      .sort();
  const plans = await ofEach(({ partnerId }) =>
    api.list<DevelopmentPlan>(`/v1/partners/${partnerId}/development-plans`),
  );
  const mails = await mailsIn(outbox);
  const sections: Record<string, unknown> = {
    partners: partners.map(({ name, partnerId }) => [name, partnerId]),
    users: await ofEach(async ({ partnerId }) =>
      (await api.list<PartnerUser>(`/v1/partners/${partnerId}/users`)).map(({ email }) => email),
    ),
    facts: await ofEach(async ({ partnerId }) =>
      (await api.list<Fact>(`/v1/partners/${partnerId}/opportunities`))
        .map(({ externalId, stage, amount }) =>
          factLine(externalId, stage, Number(amount?.amount ?? 0)),
        )
        .sort(),
    ),
    imports: (await api.list<Import>("/v1/imports"))
      .map(({ importId, status, progress: { flags: _, ...counts } }) => [importId, status, counts])
      .sort(),
    reviews: await Promise.all(cycles.map(reviewsOf)),
    freeze: [progress?.cardsFrozen, progress?.rollupsRepaired],
    cards: frozen.map(([name, card]) => [name, card.revision, ...figuresOf(card)]),
    rollups: live.map(([name, { card }]) => [name, ...figuresOf(card)]),
    contributions: (
      await ofEach(({ partnerId }) =>
        api.list<Contribution>(`/v1/review-cycles/${cycleId}/reviews/${partnerId}/contributions`),
      )
    )
      .flatMap(([, written]) => written.map(({ text }) => text))
      .sort(),
    actions: (
      await ofEach(({ partnerId }) =>
        api.list<ActionItem>(`/v1/partners/${partnerId}/action-items`),
      )
    )
      .flatMap(([, items]) => items.map(({ text }) => text))
      .sort(),
    plans: plans.flatMap(([, ofPartner]) => ofPartner.map(planLine)).sort(),
    mails: mails.filter((mail) => IS_COUNTED.test(mail)).sort(),
    doubledMails: mails.filter((mail, index) => mails.indexOf(mail) !== index),
    ranking: await rankingOf(QUARTER.period),
    liveRanking: await rankingOf(LAST_QUARTER.period),
  };
  // What the ranking is to equal is asked of the cards, not of the projection.
  sections["rankingOfCards"] = frozen.map(([name, card]) => [name, card.score]);
  sections["rankingOfRollups"] = live.map(([name, { card }]) => [name, card.score]);
  return sections;
}

const planLine = ({ title, status, revision, approval, activities }: DevelopmentPlan) =>
  JSON.stringify([
    title,
    status,
    revision,
    approval?.steps.flatMap(({ role, decision }) =>
      decision ? [`${role} ${decision.outcome}`] : [],
    ) ?? [],
    activities.flatMap(({ milestones }) => milestones).filter(({ doneOn }) => doneOn !== null)
      .length,
  ]);

/** Mails whose number follows from what happened; others depend on what a person was quick enough to decide. */
const IS_COUNTED = /^[^|]+\|(The review of|Approved:|Returned:|Rejected:|Expired:)/;

async function mailsIn(outbox: Outbox): Promise<string[]> {
  const found: string[] = [];
  for (const { mailId } of await outbox.list()) {
    const { to, subject, text } = readMail((await outbox.read(mailId)) ?? "");
    found.push(`${/[\w.-]+@[\w.-]+/.exec(to)?.[0]}|${subject}|${text}`);
  }
  return found;
}

/** What has to be there by what the server acknowledged, and by the rows of the files. */
export function worldExpected(tenant: Tenant, done: Acknowledged, rows: readonly Row[]): World {
  const names = [...PARTNERS].sort();
  const emailOf = (name: string): string => done.users.get(name) ?? "";
  const figures =
    ({ from, to }: typeof QUARTER) =>
    (name: string) =>
      figuresFrom(sumsOf(rows, name, from, to));
  const opening = (period: string) =>
    names.map((name) => `${emailOf(name)}|The review of ${period} is open: ${name}`);
  const told = ["Approved", "Returned", "Rejected", "Expired"].map((subject) => `${subject}:`);
  const [approved, returned, rejected, expired] = told;
  const ends = [
    [approved, PARTNERS[0]],
    [returned, PARTNERS[1]],
    [approved, PARTNERS[1]],
    [rejected, PARTNERS[2]],
    [expired, PARTNERS[3]],
  ].flatMap(([subject, name = ""]) =>
    [emailOf(name), tenant.operations.email].map((to) => `${to}|${subject} Plan of ${name}`),
  );
  return {
    partners: names.map((name) => [name, done.partners.get(name)]),
    users: names.map((name) => [name, [emailOf(name)]]),
    facts: names.map((name) => [
      name,
      rows
        .filter(({ partner }) => partner === name)
        .map(({ externalId, stage, value }) => factLine(externalId, stage, value))
        .sort(),
    ]),
    imports: [...done.imports]
      .map(([importId, { before, rows: after }]) => [
        importId,
        "completed",
        changesBetween(before, after),
      ])
      .sort(),
    reviews: [
      [QUARTER.period, "closed", names],
      ["2027-Q2", "open", names],
    ],
    freeze: [names.length, 0],
    cards: names.map((name) => [name, 1, ...figures(QUARTER)(name)]),
    rollups: names.map((name) => [name, ...figures(LAST_QUARTER)(name)]),
    contributions: [...done.contributions].sort(),
    actions: [...done.actions].sort(),
    plans: [...done.plans]
      .map(([title, { status, revision, decisions, milestonesDone }]) =>
        JSON.stringify([title, status, revision, decisions, milestonesDone]),
      )
      .sort(),
    mails: [...opening(QUARTER.period), ...opening("2027-Q2"), ...ends].sort(),
    doubledMails: [],
  };
}

/** The names of the sections that are not as they have to be. */
export function violations(actual: World, expected: World): string[] {
  const found = { ...actual, mails: withoutText(actual["mails"]) } as World;
  const wanted: World = {
    ...expected,
    ranking: actual["rankingOfCards"],
    liveRanking: actual["rankingOfRollups"],
  };
  return Object.keys(wanted).filter(
    (name) => !isDeepStrictEqual(plain(found[name]), plain(wanted[name])),
  );
}

const withoutText = (mails: unknown): string[] =>
  (mails as string[]).map((mail) => mail.split("|").slice(0, 2).join("|")).sort();

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
