/** One operation of a client: when it was called and when it answered, in the order of all calls and answers. */
export interface Operation<Input, Answer> {
  readonly client: string;
  readonly input: Input;
  readonly answer: Answer;
  readonly calledAt: number;
  readonly answeredAt: number;
}

/** What one operation does to a state on its own, and what it answers. */
export type Step<State, Input, Answer> = (
  state: State,
  operation: { readonly client: string; readonly input: Input },
) => { readonly state: State; readonly answer: Answer };

/**
 * Whether there is an order of the operations that respects real time (what answered before another was called
 * comes before it) and in which each answers what it did answer (Herlihy and Wing, "Linearizability", 1990; searched
 * as by Wing and Gong, with what was tried remembered as by Lowe).
 */
export function isLinearizable<State, Input, Answer>(
  initial: State,
  history: readonly Operation<Input, Answer>[],
  step: Step<State, Input, Answer>,
): boolean {
  const text = (value: unknown): string => JSON.stringify(value);
  const tried = new Set<string>();
  const search = (state: State, left: readonly Operation<Input, Answer>[]): boolean => {
    if (left.length === 0) return true;
    const seen = `${text(state)} ${left.map(({ calledAt }) => calledAt).join()}`;
    if (tried.has(seen)) return false;
    tried.add(seen);
    const firstAnswer = Math.min(...left.map(({ answeredAt }) => answeredAt));
    return left.some((operation) => {
      if (operation.calledAt > firstAnswer) return false;
      const { state: next, answer } = step(state, operation);
      if (text(answer) !== text(operation.answer)) return false;
      return search(
        next,
        left.filter((one) => one !== operation),
      );
    });
  };
  return search(initial, history);
}
