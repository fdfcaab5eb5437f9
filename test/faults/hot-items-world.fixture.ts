import type { PartnerId, TenantId } from "@concord/core/id";
import { createProgram, programTemplates, publishProgram } from "@concord/core/program";
import { ACME, GLOBEX, NOON, type TestApi, testApi, testTable } from "@concord/local/testing";
import { csvOf, importFile, sourceWith } from "../../packages/storage/src/import/import.fixture.ts";
import { type Book, enter, newBook } from "./hot-items-book.ts";

export const PARTNERS = ["North", "South", "East"] as const;
const FACTS = 40;
export const MONTHS = ["2026-12", "2027-01"] as const;
const BEGINNING = 100_000;

/** A tenant of whose items a few are changed by everybody. */
export interface HotTenant {
  readonly tenantId: TenantId;
  readonly sourceId: string;
  readonly partnerIds: readonly PartnerId[];
  readonly opportunityIds: readonly string[];
  readonly tokens: readonly string[];
  /** The program that asks for figures. */
  readonly figuresOf: string;
  readonly book: Book;
}

export interface HotWorld {
  readonly api: TestApi;
  readonly endpoint: string;
  readonly tenants: readonly HotTenant[];
  readonly now: Date;
}

async function hotTenant(api: TestApi, tenantId: TenantId, clients: number): Promise<HotTenant> {
  const { store } = api;
  const admin = store.asMember(tenantId, "admin");
  const source = await sourceWith(store, { tenantId, partners: PARTNERS });
  const programIds = [];
  for (const template of ["reseller-template", "managed-service-template"] as const) {
    const draft = programTemplates[template]("USD");
    const { programId } = await createProgram(admin, { from: "draft", draft });
    await publishProgram(admin, { programId, ifVersion: 1, effectiveFrom: "2026-Q1" });
    programIds.push(programId);
  }
  const lines = Array.from({ length: FACTS }, (_, n) =>
    [
      ...[`D${n}`, PARTNERS[n % PARTNERS.length], "Rack Pro", "Customer", "Won"],
      ...["2026-11-02", `${MONTHS[n % MONTHS.length]}-05`, String(BEGINNING / 100)],
    ].join(","),
  );
  await importFile(admin, store.asSystem(tenantId), source, csvOf(...lines));
  const book = newBook(tenantId, { partners: PARTNERS.length, imports: 1 });
  const facts = (await store.dump()).filter(
    ({ pk, entity }) => entity === "Opportunity" && String(pk).startsWith(`T#${tenantId}#`),
  );
  for (const fact of facts) {
    const deal = {
      partnerId: String(fact["partnerId"]),
      amountMinor: BEGINNING,
      closedOn: String(fact["closedOn"]),
    };
    const states = new Map();
    enter(book, states, { what: "fed", at: 1, key: "fed", value: deal });
    book.deals.set(String(fact["opportunityId"]), states);
  }
  const tokens: string[] = [];
  for (let nth = 0; nth < clients; nth += 1) {
    tokens.push((await api.member(tenantId, "admin", "data-steward")).token);
  }
  return {
    ...{ tenantId, sourceId: source.sourceId, tokens, book },
    figuresOf: programIds.at(-1) ?? "",
    partnerIds: Object.values(source.partnerIds),
    opportunityIds: [...book.deals.keys()],
  };
}

/** Nobody is refused, and the buckets cost next to nothing. */
const wide = { burst: 1_000_000, emissionMilliseconds: 1, lease: 1_000 };
const limits = { read: wide, write: wide, bulk: wide, secret: wide };

/** @param clients of each tenant */
export async function hotWorld(clients: number): Promise<HotWorld> {
  const api = await testApi({ limits });
  const { endpoint } = await testTable();
  const tenants = [];
  for (const tenantId of [ACME, GLOBEX]) tenants.push(await hotTenant(api, tenantId, clients));
  return { api, endpoint, tenants, now: NOON };
}
