import { seeded } from "@concord/local/testing";
import { openRequestStores, type Table } from "@concord/storage";
import { type Deal, enter, lastOf, make } from "./hot-items-book.ts";
import { type HotTenant, type HotWorld, MONTHS } from "./hot-items-world.fixture.ts";
import { stormyProcess } from "./storm.ts";
import { type Services, workerProcess } from "./worker-process.ts";

export const FAULT_RATE = 0.2;
/** Every process dies with one of its first requests; another follows it. */
const FIRST_REQUESTS = 150;
/** Of the requests that carry a key, so many are sent twice at once. */
const TWICE = 0.1;
/** Of the answers, so many are asked for again later. */
const ASKED_AGAIN = 0.05;
const MOST_ATTEMPTS = 40;

/** Takes a defence from what processes write with. */
export type Alter = (table: Table) => Table;

export interface Tally {
  /** Requests that had their effect. */
  applied: number;
  refused: number;
  /** Answers that did not say what had become of the request. */
  ambiguous: number;
  /** Requests answered by what was recorded before. */
  replayed: number;
  deaths: number;
}

export interface Asked {
  readonly path: string;
  readonly token: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly ifMatch?: number;
  readonly key?: string;
}

export interface Answered {
  readonly status: number;
  readonly version: number;
  readonly text: string;
}

type Send = HotWorld["api"]["request"];

/** A place where processes of the product follow each other: one dies, the next is there for the next request. */
export function placeOfProcesses(
  world: HotWorld,
  { seed, rate, alter, tally }: { seed: number; rate: number; alter: Alter; tally: Tally },
) {
  const random = seeded(seed);
  const lives: ReturnType<typeof begin>[] = [];
  const services: Services = {
    ...{ executions: new Set(), uploads: new Map(), heard: [], messages: [], errors: [] },
  };
  function begin() {
    const isMortal = rate > 0;
    const life = stormyProcess({
      ...{ endpoint: world.endpoint, tableName: world.api.store.table.name, random },
      rate,
      diesAt: isMortal ? Math.floor(random() * FIRST_REQUESTS) : undefined,
    });
    return { ...life, altered: alter(life.table) };
  }
  const living = () => {
    const last = lives.at(-1);
    if (last && !last.isDead()) return last;
    if (last) tally.deaths += 1;
    const next = begin();
    lives.push(next);
    return next;
  };
  const request: Send = world.api.through((opened) => openRequestStores(living().altered, opened));
  return {
    request,
    /** Delivers changes of these rows to the ranking once; whether that is of use is for the last delivery to say. */
    async project(records: readonly unknown[]): Promise<void> {
      const life = living();
      const worker = workerProcess({
        wire: { ...life, table: life.altered },
        ...{ services, now: world.now, wallNow: world.now.getTime(), mint: world.api.store.mint },
        tokenSecret: new Uint8Array(32),
      });
      await worker.projectRanking(deliveryOf(records)).catch(() => undefined);
    },
    async quiet(): Promise<void> {
      for (const life of lives) await life.quiet();
    },
  };
}

export type Place = ReturnType<typeof placeOfProcesses>;

const deliveryOf = (records: readonly unknown[]) => ({
  Records: [{ messageId: "m", body: JSON.stringify({ Records: records }) }],
});

/** What the feed says when months of a partner have changed. */
export const changesOf = ({ tenantId }: HotTenant, partnerId: string): unknown[] =>
  MONTHS.map((month, n) => ({
    eventName: "MODIFY",
    dynamodb: {
      SequenceNumber: String(n + 1),
      NewImage: {
        pk: { S: `T#${tenantId}#X` },
        ...{ entity: { S: "RollupMonth" }, partnerId: { S: partnerId }, month: { S: month } },
      },
    },
  }));

const optionsOf = ({ token, method, body, ifMatch, key }: Asked) => ({
  ...{ token, body, method: method ?? (body === undefined ? "GET" : "POST") },
  headers: {
    ...(ifMatch === undefined ? {} : { "If-Match": `"${ifMatch}"` }),
    ...(key === undefined ? {} : { "Idempotency-Key": key }),
  },
});

export async function sendOnce(
  send: Send,
  asked: Asked,
): Promise<Answered & { replayed: boolean }> {
  const response = await send(`/v1${asked.path}`, optionsOf(asked));
  return {
    status: response.status,
    version: Number(response.headers.get("ETag")?.replaceAll('"', "") ?? 0),
    text: await response.text(),
    replayed: response.headers.get("Idempotency-Replayed") === "true",
  };
}

export interface Client {
  readonly tenant: HotTenant;
  readonly token: string;
  /** Of the tenant's clients, from 0. */
  readonly nth: number;
  readonly random: () => number;
  readonly places: readonly Place[];
  readonly tally: Tally;
  /** What is to be asked again when all is over, with what was answered. */
  readonly again: { readonly asked: Asked; readonly told: Answered }[];
  keys: number;
}

const drawn = <T>(random: () => number, from: readonly T[]): T => {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new Error("nothing to draw from");
  return one;
};

/** Asks any of the processes until one says what has become of it. */
async function untilTold(client: Client, asked: Asked): Promise<Answered> {
  const { random, places, tally } = client;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const answer = await sendOnce(drawn(random, places).request, asked);
    if (answer.replayed) tally.replayed += 1;
    if (answer.status < 500) return answer;
    tally.ambiguous += 1;
  }
  throw new Error(`${asked.path}: no answer in ${MOST_ATTEMPTS} attempts`);
}

/** As an impatient client asks, which may send the same twice at once; both are told the same. */
async function ask(client: Client, asked: Asked): Promise<Answered> {
  const { random, tally, tenant, again } = client;
  const { wrong } = tenant.book;
  const times = asked.key !== undefined && random() < TWICE ? 2 : 1;
  const answers = await Promise.all(Array.from({ length: times }, () => untilTold(client, asked)));
  const told = answers.find(({ status }) => status < 300) ?? answers[0];
  if (!told) throw new Error("nobody asked");
  if (told.status < 300) {
    tally.applied += 1;
    if (asked.key !== undefined && random() < ASKED_AGAIN) again.push({ asked, told });
    const others = answers.filter((one) => one.status < 300 && one.text !== told.text);
    if (others.length > 0) wrong.push(`${asked.path}: one key has two answers, doubled`);
  } else {
    tally.refused += 1;
  }
  return told;
}

const newKey = (client: Client): string => {
  client.keys += 1;
  return `${client.nth}-${client.keys}`;
};

type Work = (client: Client) => Promise<void>;

const createPartner: Work = async (client) => {
  const { token, tenant } = client;
  const { book } = tenant;
  const key = newKey(client);
  const name = `Partner ${key}`;
  const body = { name, region: "Central" };
  const { status, text } = await ask(client, { path: "/partners", token, body, key });
  if (status === 201) make(book, book.partners, name, JSON.parse(text).partnerId);
  else book.wrong.push(`${name} is refused with ${status}: lost or doubled`);
};

const announceImport: Work = async (client) => {
  const { token, tenant } = client;
  const { book, sourceId } = tenant;
  const key = newKey(client);
  const body = { sourceId, fileName: `${key}.csv` };
  const { status, text } = await ask(client, { path: "/imports", token, body, key });
  if (status === 201) make(book, book.imports, key, JSON.parse(text).importId);
  else book.wrong.push(`import ${key} is refused with ${status}: lost or doubled`);
};

/** A fact of the client's own, or one of those that everybody changes. */
function chosenFact({ tenant, nth, random }: Client): string {
  const { opportunityIds, tokens } = tenant;
  const shared = opportunityIds.slice(0, 2);
  const own = opportunityIds.slice(2).filter((_, at) => at % tokens.length === nth);
  return drawn(random, random() < 0.1 ? shared : own);
}

let amounts = 0;

/** A change of a fact, decided on what the client was told of it last. */
const changeFact =
  (decide: (client: Client, deal: Deal) => { deal: Deal; action: string; body: unknown }): Work =>
  async (client) => {
    const { token, tenant } = client;
    const { book } = tenant;
    const id = chosenFact(client);
    const states = book.deals.get(id);
    const deal = lastOf(states);
    if (!states || !deal) throw new Error(`nothing is known of ${id}`);
    const key = newKey(client);
    const decided = decide(client, deal);
    const path = `/partners/${deal.partnerId}/opportunities/${id}`;
    const { status, version } = await ask(client, {
      ...{ path: `${path}/${decided.action}`, token, key, body: decided.body },
      ifMatch: Math.max(...states.keys()),
    });
    if (status === 200) {
      enter(book, states, { what: id, at: version, key, value: decided.deal });
    }
  };

const correct = changeFact(({ random }, deal) => {
  amounts += 100;
  const next = {
    ...deal,
    amountMinor: 100_000 + amounts,
    closedOn: `${drawn(random, MONTHS)}-0${1 + Math.floor(random() * 9)}`,
  };
  const fields = { amount: String(next.amountMinor / 100), closedOn: next.closedOn };
  return { deal: next, action: "correct", body: { reason: "As the invoice says", fields } };
});

const reattribute = changeFact(({ tenant, random }, deal) => {
  const partnerId = drawn(
    random,
    tenant.partnerIds.filter((one) => one !== deal.partnerId),
  );
  return {
    deal: { ...deal, partnerId },
    ...{ action: "reattribute", body: { partnerId, reason: "It was theirs" } },
  };
});

/** A cell that is the client's own; its month is everybody's. Without a key, a stale answer leaves open whose change it was. */
const putFigure: Work = async (client) => {
  const { token, tenant, nth, random } = client;
  const { book, partnerIds } = tenant;
  const cells = partnerIds.flatMap((partnerId) =>
    MONTHS.map((month) => ({ partnerId, measure: "recurring_revenue", month })),
  );
  const own = cells.filter((_, at) => at % tenant.tokens.length === nth);
  const { partnerId, measure, month } = drawn(random, own);
  const place = `${partnerId} ${measure} ${month}`;
  const states = book.figures.get(place) ?? new Map();
  const before = Math.max(0, ...states.keys());
  amounts += 100;
  const [key, value] = [newKey(client), amounts];
  const path = `/partners/${partnerId}/figures/${measure}/${month}`;
  const body = { value, of: null };
  const told = await ask(client, { path, token, method: "PUT", body, ifMatch: before });
  const version =
    told.status === 412
      ? await versionWith(client, { partnerId, measure, month, value })
      : told.version;
  if (version === 0) {
    book.wrong.push(`${place} after ${before} is refused to its owner with ${told.status}: lost`);
    return;
  }
  enter(book, states, { what: place, at: version, key, value });
  book.figures.set(place, states);
};

/** The version of a figure that has this value; 0 where it has another. */
async function versionWith(
  client: Client,
  cell: { partnerId: string; measure: string; month: string; value: number },
): Promise<number> {
  const period = cell.month === "2026-12" ? "2026-Q4" : "2027-Q1";
  const path = `/partners/${cell.partnerId}/figures/${period}?programId=${client.tenant.figuresOf}`;
  const { text } = await untilTold(client, { path, token: client.token });
  const overview = JSON.parse(text) as {
    figures: {
      measure: string;
      months: { month: string; figure: { value: number; version: number } | null }[];
    }[];
  };
  const figure = overview.figures
    .find(({ measure }) => measure === cell.measure)
    ?.months.find(({ month }) => month === cell.month)?.figure;
  return figure?.value === cell.value ? figure.version : 0;
}

const project: Work = async ({ tenant, random, places }) => {
  await drawn(random, places).project(changesOf(tenant, drawn(random, tenant.partnerIds)));
};

/** Of a hundred pieces of work. */
const shares: readonly (readonly [number, Work])[] = [
  [45, correct],
  [10, reattribute],
  [15, createPartner],
  [10, putFigure],
  [14, announceImport],
  [6, project],
];

export async function workOnce(client: Client): Promise<void> {
  let left = client.random() * 100;
  for (const [share, work] of shares) {
    left -= share;
    if (left < 0) return work(client);
  }
}

/** Asks again what was answered once. @returns what is answered otherwise now */
export async function askedAgain(request: Send, client: Client): Promise<string[]> {
  const { tenant, again, tally } = client;
  const wrong: string[] = [];
  for (const { asked, told } of again) {
    const { status, text, replayed } = await sendOnce(request, asked);
    if (replayed) tally.replayed += 1;
    if (status === told.status && text === told.text) continue;
    wrong.push(`${tenant.tenantId}: ${asked.path} of ${asked.key} is answered ${status}, lost`);
  }
  return wrong;
}
