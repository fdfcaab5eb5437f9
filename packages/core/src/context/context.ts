import type { Actor } from "../actor/index.ts";
import type { MintId } from "../id/index.ts";

/** What a use case receives: who acts, when, and the opened tenant, narrowed to the repositories it uses. */
export interface RequestContext<Store> {
  readonly actor: Actor;
  readonly store: Store;
  /** The business clock. Tokens and login sessions run on the wall clock instead. */
  readonly now: Date;
  readonly mint: MintId;
}

/** One page of a list; `position` is opaque and belongs to the list that gave it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly position?: string;
}

export interface PageRequest {
  /** 1–100. */
  readonly limit: number;
  readonly position?: string | undefined;
}
