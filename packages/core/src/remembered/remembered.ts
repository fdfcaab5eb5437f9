/**
 * A function that remembers its answers, for one whose answers depend on nothing but what it is asked.
 * @param most of more answers than these, all are forgotten
 */
export function remembered<Asked extends readonly (string | number)[], Answer>(
  most: number,
  answer: (...asked: Asked) => Answer,
): (...asked: Asked) => Answer {
  const known = new Map<string, { readonly answer: Answer }>();
  return (...asked) => {
    const name = asked.join(" ");
    let found = known.get(name);
    if (!found) {
      found = { answer: answer(...asked) };
      if (known.size >= most) known.clear();
      known.set(name, found);
    }
    return found.answer;
  };
}
