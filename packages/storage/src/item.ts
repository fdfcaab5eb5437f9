/** A row as the table holds it. */
export type Item = Readonly<Record<string, unknown>>;

/** Text that is the same for two items exactly where the table holds the same of both. */
const textOf = (item: Item): string =>
  JSON.stringify(item, (_, value: unknown) => {
    if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("base64") };
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

export const isSameItem = (stored: Item | undefined, item: Item): boolean =>
  stored !== undefined && textOf(stored) === textOf(item);
