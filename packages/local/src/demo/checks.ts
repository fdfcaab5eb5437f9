/** What the demo promises about its own outcome. */
export interface Checks {
  /** Remembers a claim that does not hold; the demo goes on and fails at its end. */
  expect(claim: string, holds: boolean, found?: unknown): void;
  readonly made: number;
  readonly broken: readonly string[];
}

export function createChecks(): Checks {
  const broken: string[] = [];
  let made = 0;
  return {
    expect(claim, holds, found) {
      made += 1;
      if (!holds) broken.push(found === undefined ? claim : `${claim}; found ${textOf(found)}`);
    },
    get made() {
      return made;
    },
    broken,
  };
}

const textOf = (found: unknown): string =>
  (typeof found === "string" ? found : (JSON.stringify(found) ?? "nothing")).slice(0, 300);
