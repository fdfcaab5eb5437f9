import type { PipelineRow, ProductRow } from "./crm-export.ts";
import { misspeltProduct } from "./sample-names.ts";
import type { Random } from "./sample-random.ts";

/** What makes one partner sell better than another; percentages. */
interface Strength {
  readonly opportunities: number;
  readonly winPercent: number;
  /** Points of win rate gained or lost from quarter to quarter. */
  readonly winDriftPoints: number;
  /** The usual price as a share of the list price. */
  readonly pricePercent: number;
  /** How long deals take, 100 = usual. */
  readonly pacePercent: number;
  /** How likely the partner is to sell each product. */
  readonly productWeights: readonly number[];
}

/** Opportunities by partner, the largest first: one giant, a broad middle, a tail. */
const sizes = [
  752, 468, 455, 441, 377, 371, 360, 356, 349, 328, 322, 316, 309, 297, 291, 284, 277, 272, 266,
  261, 248, 240, 219, 208, 203, 184, 169, 163, 128, 113,
];
/** Engagements by month, October 2016 to December 2017: a ramp, a summer campaign, a quiet December. */
const monthWeights = [1, 13, 27, 36, 59, 88, 97, 82, 90, 134, 91, 88, 86, 34, 16];
/** Tern Basic, (Tern Pro apart), Wren Mini, Wren Rack, Tern Max Pro, Tern Max Basic, Osprey 500. */
const productWeights = [190, 0, 165, 143, 98, 141, 4];
const MISSPELT_PERCENT = 16.8;
const PROSPECTING_PERCENT = 5.7;
/** Deals that nobody ever closes. */
const STALLED_PERCENT = 9;
const OPEN_WITHOUT_ACCOUNT_PERCENT = 80;
const LAST_DAY = epochDay("2017-12-31");

/** @returns one size and strength for each partner, in the order given */
export function strengths(partners: readonly string[], random: Random): Map<string, Strength> {
  const order = random.shuffled(sizes);
  return new Map(
    partners.map((partner, index) => [
      partner,
      {
        opportunities: order[index] ?? 0,
        winPercent: random.between(50, 72),
        winDriftPoints: random.between(-3, 3),
        pricePercent: random.between(95, 104),
        pacePercent: random.between(75, 125),
        productWeights: productWeights.map((weight) => weight * random.between(50, 150)),
      },
    ]),
  );
}

/** All opportunities of the partners, engaged ones first by date, as an export at the end of 2017 lists them. */
export function sampleOpportunities(
  partners: ReadonlyMap<string, Strength>,
  products: readonly ProductRow[],
  accounts: readonly [string, ...string[]],
  random: Random,
): PipelineRow[] {
  const ids = new Set<string>();
  const rows: PipelineRow[] = [];
  for (const [partner, strength] of partners) {
    for (let count = 0; count < strength.opportunities; count += 1) {
      const product = pickProduct(strength, products, random);
      const isListed = product !== undefined;
      const listPrice = isListed ? Number(product.sales_price) : priceOf(products);
      const deal = playOut(strength, listPrice, random);
      const isOpen = deal.close_date === "";
      rows.push({
        opportunity_id: freshId(ids, random),
        sales_agent: partner,
        product: isListed ? product.product : misspeltProduct.exported,
        account: isOpen && random.chance(OPEN_WITHOUT_ACCOUNT_PERCENT) ? "" : random.pick(accounts),
        ...deal,
      });
    }
  }
  return rows.sort((a, b) => compare(a.engage_date || "9", b.engage_date || "9") || byId(a, b));
}

/** @returns undefined for the product that the export misspells */
function pickProduct(
  { productWeights }: Strength,
  products: readonly ProductRow[],
  random: Random,
): ProductRow | undefined {
  if (random.chance(MISSPELT_PERCENT)) return undefined;
  return products[random.weighted(productWeights)];
}

const priceOf = (products: readonly ProductRow[]): number =>
  Number(products.find(({ product }) => product === misspeltProduct.listed)?.sales_price);

type Deal = Pick<PipelineRow, "deal_stage" | "engage_date" | "close_date" | "close_value">;

function playOut(strength: Strength, listPrice: number, random: Random): Deal {
  const open = { close_date: "", close_value: "" };
  if (random.chance(PROSPECTING_PERCENT)) {
    return { deal_stage: "Prospecting", engage_date: "", ...open };
  }
  const engagedOn = engagementDay(random);
  const engage_date = isoDate(engagedOn);
  const closedOn = closingDay(engagedOn, strength, random);
  if (closedOn > LAST_DAY || random.chance(STALLED_PERCENT)) {
    return { deal_stage: "Engaging", engage_date, ...open };
  }
  const close_date = isoDate(closedOn);
  const quarter = Math.floor((Number(close_date.slice(5, 7)) - 1) / 3);
  const winPercent = strength.winPercent + strength.winDriftPoints * (quarter - 1.5);
  return random.chance(winPercent)
    ? {
        deal_stage: "Won",
        engage_date,
        close_date,
        close_value: price(strength, listPrice, random),
      }
    : { deal_stage: "Lost", engage_date, close_date, close_value: "0" };
}

function engagementDay(random: Random): number {
  const month = random.weighted(monthWeights);
  const first = Date.UTC(2016, 9 + month, 1) / 86_400_000;
  const next = Date.UTC(2016, 10 + month, 1) / 86_400_000;
  return random.between(first, next - 1);
}

/** Quick deals and long ones, few between; some slip to the last ten days of their quarter. */
function closingDay(engagedOn: number, { pacePercent }: Strength, random: Random): number {
  const usual = random.chance(45) ? random.between(2, 20) : random.between(52, 116);
  const closedOn = engagedOn + Math.max(1, Math.round((usual * pacePercent) / 100));
  const on = isoDate(closedOn);
  const nextQuarterMonth = Math.floor((Number(on.slice(5, 7)) - 1) / 3) * 3 + 3;
  const quarterEnd = Date.UTC(Number(on.slice(0, 4)), nextQuarterMonth, 0) / 86_400_000;
  const slips = quarterEnd - closedOn < 40 && random.chance(25);
  return slips ? Math.max(closedOn, quarterEnd - random.between(0, 9)) : closedOn;
}

/** A price around the partner's usual one, bell-shaped, in whole dollars. */
function price({ pricePercent }: Strength, listPrice: number, random: Random): string {
  const spread = [0, 0, 0, 0].reduce((sum: number) => sum + random.between(-85, 85), 0);
  return String(Math.round((listPrice * (pricePercent * 10 + spread)) / 1000));
}

function freshId(taken: Set<string>, random: Random): string {
  const alphabet = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  for (;;) {
    const id = Array.from({ length: 8 }, () => alphabet[random.between(0, 35)]).join("");
    if (!taken.has(id)) {
      taken.add(id);
      return id;
    }
  }
}

function epochDay(on: string): number {
  return Date.parse(on) / 86_400_000;
}
const isoDate = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byId = (a: PipelineRow, b: PipelineRow): number =>
  compare(a.opportunity_id, b.opportunity_id);
