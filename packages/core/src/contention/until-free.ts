import { DomainError, raise } from "../error/index.ts";

/** How often something is decided anew on what others wrote meanwhile. */
const ATTEMPTS = 8;

export interface ContentionStore {
  readonly contention: {
    /** Longer with each attempt (from 1), and drawn, so that those who met do not meet again. */
    pause(attempt: number): Promise<void>;
  };
}

/**
 * Decides and writes, again while others are faster: people who change different things at once all succeed.
 * @param attempt reads, decides and writes; undefined where what it read was overtaken and nothing was written
 * @throws DomainError changes-contended where every attempt was overtaken
 */
export async function untilFree<T>(
  { contention }: ContentionStore,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (let made = 1; ; made += 1) {
    const done = await attempt();
    if (done !== undefined) return done;
    if (made === ATTEMPTS) raise("changes-contended");
    await contention.pause(made);
  }
}

/** @returns undefined where another version was written meanwhile */
export async function unlessStale<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof DomainError && error.code === "version-stale") return undefined;
    throw error;
  }
}
