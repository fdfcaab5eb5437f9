import type { Page, PageRequest } from "../context/index.ts";
import type { DomainEvent } from "../event/index.ts";
import type { AliasId, FlagId, ImportId, MemberId, PartnerId, SourceId } from "../id/index.ts";
import type { DataQualityFlag, FlaggedRow } from "./flag.ts";
import type { Alias, CreateSource, HeldRow, Price, Source } from "./schema.ts";

interface NewOwner {
  readonly from: MemberId | null;
  readonly ownerId: MemberId;
}

export type SourceEvent =
  | DomainEvent<"source.created", CreateSource>
  | DomainEvent<"source.owner-changed", NewOwner>
  | DomainEvent<"source.price-list-changed", { readonly products: number }>;
export type AliasEvent = DomainEvent<"source.alias-added", { readonly importId: ImportId }>;
export type FlagEvent =
  | DomainEvent<"data-quality-flag.waived", { readonly reason: string; readonly rows: number }>
  | DomainEvent<"data-quality-flag.owner-changed", NewOwner>
  | DomainEvent<"data-quality-flag.counted", { readonly openRows: number }>;

export interface SourceRepository {
  get(sourceId: SourceId): Promise<Source | undefined>;
  /** By name, then id. An index read. */
  list(page: PageRequest): Promise<Page<Source>>;
  /** @throws DomainError version-stale */
  save(next: Source, event: SourceEvent): Promise<void>;

  /** Every price of the source. */
  prices(sourceId: SourceId): Promise<Price[]>;
  /** By product. */
  listPrices(sourceId: SourceId, page: PageRequest): Promise<Page<Price>>;
  putPrices(prices: readonly Price[]): Promise<void>;

  /** Every alias of the source. */
  aliases(sourceId: SourceId): Promise<Alias[]>;
  /** By kind, then text. */
  listAliases(sourceId: SourceId, page: PageRequest): Promise<Page<Alias>>;
  getAlias(sourceId: SourceId, aliasId: AliasId): Promise<Alias | undefined>;

  /** By external id. */
  listHeldRows(sourceId: SourceId, page: PageRequest): Promise<Page<HeldRow>>;
  heldRows(sourceId: SourceId): AsyncIterable<HeldRow>;
  /** Stores or replaces what is held under the same external id. */
  holdRows(rows: readonly HeldRow[]): Promise<void>;

  /** The partner of exactly this name, case and spacing apart; consistent. */
  partnerNamed(name: string): Promise<PartnerId | undefined>;
}

export interface FlagRepository {
  get(flagId: FlagId): Promise<DataQualityFlag | undefined>;
  /** Open ones first by severity; an index read. */
  list(status: DataQualityFlag["status"], page: PageRequest): Promise<Page<DataQualityFlag>>;
  /** The open ones of one data steward, the oldest first; an index read. */
  workOf(ownerId: MemberId, page: PageRequest): Promise<Page<DataQualityFlag>>;
  /** Every flag of the source, read consistently. */
  ofSource(sourceId: SourceId): Promise<DataQualityFlag[]>;
  /** @throws DomainError version-stale */
  save(next: DataQualityFlag, event: FlagEvent): Promise<void>;
  /** Replaces the rows listed behind a flag. @returns how many pages they fill */
  putRows(flagId: FlagId, rows: readonly FlaggedRow[], pagesBefore: number): Promise<number>;
  /** By row. */
  listRows(flagId: FlagId, page: PageRequest): Promise<Page<FlaggedRow>>;
}

export interface SourceStore {
  readonly sources: SourceRepository;
  readonly flags: FlagRepository;
}
