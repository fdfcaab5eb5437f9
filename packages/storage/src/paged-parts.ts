import type { Page, PageRequest } from "@concord/core/context";
import { raise } from "@concord/core/error";

/** A list cut into numbered parts of `size`. */
export function* pagesOf<T>(values: readonly T[], size: number): Generator<[number, readonly T[]]> {
  for (let at = 0; at < values.length; at += size) yield [at / size, values.slice(at, at + size)];
}

/** One page of a list that is stored in numbered parts; the position is part and place in it. */
export async function pageOfParts<T>(
  { limit, position }: PageRequest,
  part: (index: number) => Promise<readonly T[] | undefined>,
): Promise<Page<T>> {
  let [index, from] = position === undefined ? [0, 0] : placeOf(position);
  const items: T[] = [];
  for (;;) {
    const values = await part(index);
    if (!values) return { items };
    const taken = values.slice(from, from + limit - items.length);
    items.push(...taken);
    from += taken.length;
    if (items.length === limit) {
      const hasMore = from < values.length || (await part(index + 1)) !== undefined;
      if (!hasMore) return { items };
      return { items, position: from < values.length ? `${index}.${from}` : `${index + 1}.0` };
    }
    index += 1;
    from = 0;
  }
}

function placeOf(position: string): [number, number] {
  const match = /^(\d{1,6})\.(\d{1,6})$/.exec(position);
  if (!match) raise("cursor-invalid");
  return [Number(match[1]), Number(match[2])];
}
