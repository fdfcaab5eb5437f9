import type { TenantId } from "@concord/core/id";
import type { Item } from "@concord/storage";

/** What of a fact counts, and where. */
export interface Deal {
  readonly partnerId: string;
  readonly amountMinor: number;
  /** `YYYY-MM-DD`. */
  readonly closedOn: string;
}

/** The states of one item by their number, each with the key of the one request that was told of it. */
export type Numbered<T> = Map<number, { readonly key: string; readonly value: T }>;

/** What the clients of one tenant were told, kept by themselves: no number in it comes from the table. */
export interface Book {
  readonly tenantId: TenantId;
  readonly deals: Map<string, Numbered<Deal>>;
  /** By partner, measure and month. */
  readonly figures: Map<string, Numbered<number>>;
  /** Ids by the name or key that they were asked for with. */
  readonly partners: Map<string, string>;
  readonly imports: Map<string, string>;
  /** What the tenant had before. */
  readonly before: { readonly partners: number; readonly imports: number };
  readonly wrong: string[];
}

export const newBook = (tenantId: TenantId, before: Book["before"]): Book => ({
  ...{ tenantId, before, wrong: [] },
  ...{ deals: new Map(), figures: new Map(), partners: new Map(), imports: new Map() },
});

/** Somebody was told that this state is theirs: nobody else may be. */
export function enter<T>(
  { wrong }: Book,
  states: Numbered<T>,
  { what, at, key, value }: { what: string; at: number; key: string; value: T },
): void {
  const told = states.get(at);
  if (told && told.key !== key) wrong.push(`${what}: one of two changes to ${at} is lost`);
  states.set(at, { key, value });
}

/** Somebody was told that this was made for them: never of another one. */
export function make({ wrong }: Book, made: Map<string, string>, name: string, id: string): void {
  const told = made.get(name);
  if (told !== undefined && told !== id) wrong.push(`${name} is doubled: ${told} and ${id}`);
  made.set(name, id);
}

export const lastOf = <T>(states: Numbered<T> | undefined): T | undefined =>
  states?.get(Math.max(...states.keys()))?.value;

const compared = (what: string, has: number, applied: number): string[] => {
  if (has === applied) return [];
  return [`${what}: ${has} where ${applied} applied, ${has < applied ? "lost" : "doubled"}`];
};

/** What is wrong with the rows of a tenant, by what its clients were told. */
export function wrongRows(book: Book, rows: readonly Item[]): string[] {
  const of = (entity: string) => rows.filter((row) => row["entity"] === entity);
  return [
    ...book.wrong,
    ...wrongFacts(book, of("Opportunity"), of("Event")),
    ...wrongMonths(book, of("RollupMonth")),
    ...wrongFigures(book, of("Figure")),
    ...wrongCounts(book, of),
    ...wrongRanking(book, of("RankingEntry"), of("RankingSummaryPart")),
  ];
}

/** The revisions of a fact follow each other without a gap, each was told to somebody, and the last one stands. */
function wrongFacts({ deals }: Book, facts: readonly Item[], events: readonly Item[]): string[] {
  const changes = [...deals.values()].reduce((sum, states) => sum + states.size - 1, 0);
  const recorded = events.filter(({ type }) =>
    ["opportunity.corrected", "opportunity.reattributed"].includes(String(type)),
  );
  return [
    ...compared("facts", facts.length, deals.size),
    ...compared("events of facts", recorded.length, changes),
    ...facts.flatMap((fact) => {
      const id = String(fact["opportunityId"]);
      const states = deals.get(id);
      const last = lastOf(states);
      const isLast =
        fact["partnerId"] === last?.partnerId &&
        fact["amountMinor"] === last?.amountMinor &&
        fact["closedOn"] === last?.closedOn;
      return [
        ...compared(`revision of ${id}`, Number(fact["revision"]), states?.size ?? 0),
        ...(isLast ? [] : [`${id} is not as it was told last: lost`]),
      ];
    }),
  ];
}

const COUNTED = ["wonCount", "wonAmount", "listedCount", "listedAmount"] as const;
type Sums = Record<(typeof COUNTED)[number], number>;

const monthOf = ({ closedOn }: Deal): string => closedOn.slice(0, 7);

const standing = ({ deals }: Book): Deal[] =>
  [...deals.values()].flatMap((states) => lastOf(states) ?? []);

function sumsByMonth(book: Book): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const deal of standing(book)) {
    const place = `${deal.partnerId} ${monthOf(deal)}`;
    const { wonCount, wonAmount } = sums.get(place) ?? { wonCount: 0, wonAmount: 0 };
    const [count, amount] = [wonCount + 1, wonAmount + deal.amountMinor];
    // Every deal of these tests is won and of a product with a list price.
    const sum = { wonCount: count, wonAmount: amount, listedCount: count, listedAmount: amount };
    sums.set(place, sum);
  }
  return sums;
}

/** What a partner's month counts is what its facts add up to. */
function wrongMonths(book: Book, months: readonly Item[]): string[] {
  const expected = sumsByMonth(book);
  const stored = new Map(months.map((row) => [`${row["partnerId"]} ${row["month"]}`, row]));
  return [...new Set([...expected.keys(), ...stored.keys()])].flatMap((place) => {
    const counters = stored.get(place)?.["counters"] as Partial<Sums> | undefined;
    return COUNTED.flatMap((name) =>
      compared(`${name} of ${place}`, counters?.[name] ?? 0, expected.get(place)?.[name] ?? 0),
    );
  });
}

/** A figure counts its versions like a fact; its month, wherever else it is written, keeps the last one. */
function wrongFigures({ figures }: Book, rows: readonly Item[]): string[] {
  const stored = new Map(
    rows.map((row) => [`${row["partnerId"]} ${row["measure"]} ${row["month"]}`, row]),
  );
  return [
    ...compared("figures", stored.size, figures.size),
    ...[...figures].flatMap(([place, states]) => {
      const row = stored.get(place);
      const isLast = row?.["value"] === lastOf(states);
      return [
        ...compared(`version of ${place}`, Number(row?.["version"] ?? 0), states.size),
        ...(isLast ? [] : [`${place} is not as it was told last: lost`]),
      ];
    }),
  ];
}

/** What a tenant's edition counts, against what was made and what there is. */
function wrongCounts(book: Book, of: (entity: string) => readonly Item[]): string[] {
  const { before, partners, imports } = book;
  const [usage] = of("Usage");
  const days = of("ImportsOfDay").reduce((sum, { used }) => sum + Number(used), 0);
  const made = {
    partners: partners.size + before.partners,
    imports: imports.size + before.imports,
  };
  return [
    ...compared("partners counted", Number(usage?.["partners"]), made.partners),
    ...compared("partners", of("Partner").length, made.partners),
    ...compared("names of partners", of("PartnerName").length, made.partners),
    ...compared("imports counted", days, made.imports),
    ...compared("imports", of("Import").length, made.imports),
  ];
}

const quarterOf = (month: string): string =>
  `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5)) / 3)}`;

/** The card of a partner in the ranking, and what those of a group add up to. */
function wrongRanking(book: Book, entries: readonly Item[], parts: readonly Item[]): string[] {
  const revenues = new Map<string, number>();
  for (const deal of standing(book)) {
    const place = `${deal.partnerId} ${quarterOf(monthOf(deal))}`;
    revenues.set(place, (revenues.get(place) ?? 0) + deal.amountMinor);
  }
  const revenueOf = ({ partnerId, period }: Item) => revenues.get(`${partnerId} ${period}`) ?? 0;
  const periods = new Set(entries.map(({ period }) => period));
  return [
    ...(entries.length === 0 ? ["nobody is in the ranking: lost"] : []),
    ...entries.flatMap((entry) =>
      compared(
        `revenue of ${entry["partnerId"]} in ${entry["period"]}`,
        Number(entry["revenueMinor"]),
        revenueOf(entry),
      ),
    ),
    ...[...periods].flatMap((period) => {
      const ranked = entries.filter((entry) => entry["period"] === period);
      const own = parts.filter((part) => part["period"] === period);
      const sum = (name: string) => own.reduce((total, part) => total + Number(part[name]), 0);
      const revenue = ranked.reduce((total, entry) => total + revenueOf(entry), 0);
      return [
        ...compared(`partners of ${period}`, sum("rated") + sum("unrated"), ranked.length),
        ...compared(`revenue of ${period}`, sum("revenueMinor"), revenue),
      ];
    }),
  ];
}
