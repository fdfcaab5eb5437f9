import type { PersonId } from "../id/index.ts";

/** One place where rows of a tenant lie together; its name means something to the store alone. */
export type ContentsPlace = string;

/** What a tenant's data is made of, so far as it takes to go through all of it. */
export interface ContentsPart {
  readonly places: readonly ContentsPlace[];
  /** Who has a way into the tenant, or had one. */
  readonly people: readonly PersonId[];
  /** Rows of no tenant that lead into it; their names, too, mean something to the store alone. */
  readonly pointers: readonly string[];
}

/** A row as it is stored, without what only the table needs. */
export interface ContentsRow {
  readonly entity: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** All rows of the tenant, whatever they are. There is no list of them: they are found from one another. */
export interface ContentsRepository {
  /** Every place there is, each once, some at a time; it costs a read of everything but the facts. */
  walk(): AsyncIterable<ContentsPart>;
  rows(place: ContentsPlace): AsyncIterable<ContentsRow>;
  /** @returns how many rows were removed */
  removeAll(place: ContentsPlace): Promise<number>;
}

export interface ContentsStore {
  readonly contents: ContentsRepository;
}
