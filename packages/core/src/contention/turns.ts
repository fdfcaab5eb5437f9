/**
 * Does work on the same thing one after the other, in the order it was given, and work on other things beside it.
 * What fails, fails for the one who asked for it, and the next goes on.
 */
export type Turns = <T>(on: string, work: () => Promise<T>) => Promise<T>;

/** For those of one process that would otherwise overtake each other: it is cheaper to wait than to write again. */
export function turns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (on, work) => {
    const done = (last.get(on) ?? Promise.resolve()).then(work);
    last.set(
      on,
      done.catch(() => undefined),
    );
    return done;
  };
}
